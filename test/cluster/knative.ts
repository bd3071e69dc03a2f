import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apply, kubectl } from './kubectl.ts';
import { MANIFESTS } from './places.ts';

const NAMESPACES = ['knative-serving', 'knative-eventing'];

/** Tells the API server of all kinds that Knative and Traefik bring. */
export async function defineKinds(): Promise<void> {
  await applyFile('definitions.yaml');
  await kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
}

/** Starts Knative Serving, and Eventing with brokers over channels in memory. */
export async function startKnative(): Promise<void> {
  await apply(...EXPECTED_SETTINGS);
  await applyFile('knative.yaml');
}

/** Waits until Knative runs and its webhooks check what is applied. */
export async function knativeReady(): Promise<void> {
  for (const namespace of NAMESPACES)
    await kubectl(['wait', '--for=condition=Available', 'deployment', '--all', '-n', namespace, '--timeout=180s']);
  for (const object of CHECKED) await untilTaken(object);
  await kubectl(['patch', 'configmap', 'config-autoscaler', '-n', 'knative-serving', '--patch', AUTOSCALING]);
}

/** What nobody calls goes sooner than after Knative's minute: tests wait for that many times. */
const AUTOSCALING = JSON.stringify({ data: { 'stable-window': '40s' } });

const applyFile = (file: string) =>
  kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(MANIFESTS, file)]);

/** The controller of Eventing reads these; its module doesn't carry them, and nothing here uses what they name. */
const EXPECTED_SETTINGS = Object.entries({
  'eventing-transformations-images': ['transform-jsonata'],
  'eventing-integrations-images': [
    ...['timer-source', 'aws-s3-source', 'aws-sqs-source', 'aws-ddb-streams-source'],
    ...['log-sink', 'aws-s3-sink', 'aws-sqs-sink', 'aws-sns-sink'],
  ],
}).map(([name, keys]) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'knative-eventing' },
  data: Object.fromEntries(keys.map((key) => [key, 'none'])),
}));

/** One object for the webhooks of each part. */
const CHECKED = [
  {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'checked', namespace: 'default' },
    spec: { template: { spec: { containers: [{ image: 'dev.local/none:1' }] } } },
  },
  { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', metadata: { name: 'checked', namespace: 'default' } },
];

/** A pod that is ready is not yet one that kube-proxy leads to, and a webhook makes its certificate after it has started. */
async function untilTaken(object: object): Promise<void> {
  for (let left = 60; ; left--) {
    try {
      await kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(object));
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(500);
    }
  }
}
