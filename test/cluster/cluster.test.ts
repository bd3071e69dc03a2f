import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, clusterSkipReason, startCluster } from './cluster.ts';
import { ANSWER } from './images.ts';

const missing = clusterSkipReason();
// Of its own each time: one that is being deleted takes no new objects.
const NAMESPACE = `greetings-${process.pid}`;
const BROKER = `http://broker-ingress.knative-eventing.svc.cluster.local/${NAMESPACE}/default`;
/** A first build of Kubernetes and Knative takes a quarter of an hour, more where others are at work. */
const BUILD_MS = 45 * 60_000;

describe.skipIf(missing)(`a cluster of our own${missing ? ` (skipped: ${missing})` : ''}`, { timeout: 300_000 }, () => {
  let cluster: Cluster;
  const kubectl = (...args: string[]) => cluster.kubectl(['-n', NAMESPACE, ...args]);
  const apply = (...items: object[]) =>
    cluster.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

  /** The events that the Service has written down so far, in all pods that are there. */
  const seen = async () => {
    const logs = ['logs', '-l', 'serving.knative.dev/service=answer', '-c', 'user-container', '--tail=-1'];
    // A pod that is about to start has no logs yet.
    return (await kubectl(...logs).catch(() => '')).split('\n');
  };
  const untilSeen = async (event: string, times = 1) => {
    for (;;) {
      const events = (await seen()).filter((line) => line.startsWith(event));
      if (events.length >= times) return events;
      await sleep(500);
    }
  };

  beforeAll(async () => {
    cluster = await startCluster();
    await apply(
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      },
      answerService,
      { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', metadata: { name: 'default', namespace: NAMESPACE } },
      trigger('asked'),
      trigger('answered'),
    );
    await kubectl('wait', '--for=condition=Ready', 'ksvc,broker,trigger', '--all', '--timeout=120s');
  }, BUILD_MS);
  afterAll(async () => {
    try {
      await cluster?.kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false']);
    } finally {
      await cluster?.[Symbol.asyncDispose]();
    }
  }, 180_000);

  it('has all of Knative ready', async () => {
    for (const [namespace, names] of Object.entries(KNATIVE)) {
      const columns =
        'jsonpath={range .items[?(@.spec.replicas>0)]}{.metadata.name} {.status.readyReplicas}{"\\n"}{end}';
      const deployments = (await cluster.kubectl(['-n', namespace, 'get', 'deployments', '-o', columns])).split('\n');
      expect(deployments).toEqual(expect.arrayContaining(names.map((name) => `${name} 1`)));
    }
  });

  it('wakes a Service from zero by an event posted to the broker, and the answer is an event again', async () => {
    const deployment = ['deployment', '-l', 'serving.knative.dev/service=answer'];
    await kubectl('wait', '--for=jsonpath={.spec.replicas}=0', ...deployment, '--timeout=120s');
    const id = crypto.randomUUID();
    const post = cluster.inNetwork(process.execPath, ['-e', POST, BROKER, id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [status] = await once(post.stdout as NonNullable<typeof post.stdout>, 'data');
    expect(String(status)).toBe('202');
    expect(await untilSeen(`greeting.asked ${id}`)).toHaveLength(1);
    expect(await untilSeen(`greeting.answered ${id}`)).toHaveLength(1);
  });

  it('has a PingSource that ticks', async () => {
    await apply({
      apiVersion: 'sources.knative.dev/v1',
      kind: 'PingSource',
      metadata: { name: 'tick', namespace: NAMESPACE },
      spec: { schedule: '*/2 * * * * *', sink: { ref: { ...SERVICE, name: 'answer' } } },
    });
    const ticks = await untilSeen('dev.knative.sources.ping', 2);
    expect(new Set(ticks).size).toBe(ticks.length);
  });
});

const KNATIVE = {
  'knative-serving': ['activator', 'autoscaler', 'controller', 'webhook'],
  'knative-eventing': [
    'eventing-controller',
    'eventing-webhook',
    'imc-controller',
    'imc-dispatcher',
    'mt-broker-ingress',
  ],
};

const POST = `
const [broker, id] = process.argv.slice(1);
const headers = { 'Ce-Specversion': '1.0', 'Ce-Type': 'greeting.asked', 'Ce-Source': 'test', 'Ce-Id': id };
fetch(broker, { method: 'POST', headers }).then(({ status }) => process.stdout.write(String(status)));
`;

const SERVICE = { apiVersion: 'serving.knative.dev/v1', kind: 'Service' };

const answerService = {
  ...SERVICE,
  metadata: { name: 'answer', namespace: NAMESPACE },
  spec: {
    template: {
      metadata: {
        annotations: {
          'autoscaling.knative.dev/window': '6s',
          'autoscaling.knative.dev/scale-to-zero-pod-retention-period': '0s',
        },
      },
      spec: {
        containers: [
          {
            image: ANSWER,
            securityContext: {
              runAsNonRoot: true,
              readOnlyRootFilesystem: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              seccompProfile: { type: 'RuntimeDefault' },
            },
          },
        ],
      },
    },
  },
};

const trigger = (what: string) => ({
  apiVersion: 'eventing.knative.dev/v1',
  kind: 'Trigger',
  metadata: { name: what, namespace: NAMESPACE },
  spec: {
    broker: 'default',
    filters: [{ exact: { type: `greeting.${what}` } }],
    subscriber: { ref: { ...SERVICE, name: 'answer' } },
  },
});
