import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readManifests } from '../../../knative/local/manifests.ts';
import { GLOBAL_IPV6, NOT_PUBLIC_IPV4, NOT_PUBLIC_IPV6 } from '../../../shared/public-address.ts';

const KNATIVE = join(import.meta.dirname, '../../../knative');
const { services } = await readManifests(join(KNATIVE, 'base'));

const SelectorSchema = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(
      z.discriminatedUnion('operator', [
        z.strictObject({ key: z.string(), operator: z.literal('Exists') }),
        z.strictObject({ key: z.string(), operator: z.literal('In'), values: z.array(z.string()) }),
      ]),
    )
    .default([]),
});
type Selector = z.infer<typeof SelectorSchema>;
const BlockSchema = z.strictObject({ cidr: z.string(), except: z.array(z.string()) });
const PeerSchema = z.strictObject({
  podSelector: SelectorSchema.optional(),
  namespaceSelector: SelectorSchema.optional(),
  ipBlock: BlockSchema.optional(),
});
const PortsSchema = z.array(z.strictObject({ protocol: z.enum(['TCP', 'UDP']), port: z.number() })).optional();
const PolicySchema = z.object({
  kind: z.literal('NetworkPolicy'),
  spec: z.strictObject({
    podSelector: SelectorSchema,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.strictObject({ from: z.array(PeerSchema), ports: PortsSchema })).default([]),
    egress: z.array(z.strictObject({ to: z.array(PeerSchema), ports: PortsSchema })).default([]),
  }),
});
const FILES = [
  'base/network-policies.yaml',
  'minio/network-policies.yaml',
  'cron-timer/network-policy.yaml',
  'monitoring/network-policy.yaml',
  'traefik/store.yaml',
];
const policies = FILES.flatMap((file) =>
  parseAllDocuments(readFileSync(join(KNATIVE, file), 'utf8'))
    .filter((document) => document.get('kind') === 'NetworkPolicy')
    .map((document) => PolicySchema.parse(document.toJS()).spec),
);

/** A pod, by its labels and its namespace's name and further labels. */
interface Pod {
  namespace: string;
  labels: Record<string, string>;
  namespaceLabels?: Record<string, string>;
}

const OURS = 'montage-ai';
const ours = (labels: Record<string, string>): Pod => ({ namespace: OURS, labels });
const functionPod = (name: string) => ours({ 'serving.knative.dev/service': name });
const minio = ours({ app: 'minio' });
const prepareStore = ours({ app: 'prepare-store' });
const cronTimer = ours({ app: 'tick' });
const elsewhere = (namespace: string, labels = {}): Pod => ({ namespace, labels });

function selects({ matchLabels, matchExpressions }: Selector, labels: Record<string, string>): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((one) =>
      one.operator === 'Exists' ? one.key in labels : one.values.includes(labels[one.key] ?? ''),
    )
  );
}

/** As Kubernetes reads a peer: a pod of the policy's own namespace unless it selects namespaces. Pods lie in none of the blocks. */
function isPeer({ podSelector, namespaceSelector, ipBlock }: z.infer<typeof PeerSchema>, pod: Pod): boolean {
  const { namespace, labels, namespaceLabels } = pod;
  if (ipBlock) return false;
  const there = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': namespace, ...namespaceLabels })
    : namespace === OURS;
  return there && (!podSelector || selects(podSelector, labels));
}

/** Whether the policies let one pod open a connection to another: both ends must, as far as they are ours. */
function mayReach(from: Pod, to: Pod, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): boolean {
  const open = (ports: z.infer<typeof PortsSchema>) =>
    !ports || ports.some((each) => each.port === port && each.protocol === protocol);
  const of = (pod: Pod, type: 'Ingress' | 'Egress') =>
    policies.filter(({ podSelector, policyTypes }) => policyTypes.includes(type) && selects(podSelector, pod.labels));
  const out =
    from.namespace !== OURS ||
    of(from, 'Egress').some(({ egress }) =>
      egress.some((rule) => open(rule.ports) && rule.to.some((peer) => isPeer(peer, to))),
    );
  const into =
    to.namespace !== OURS ||
    of(to, 'Ingress').some(({ ingress }) =>
      ingress.some((rule) => open(rule.ports) && rule.from.some((peer) => isPeer(peer, from))),
    );
  return out && into;
}

const names = services.map(({ name }) => name);
const kourier = elsewhere('kourier-system');
const activator = elsewhere('knative-serving');
const broker = elsewhere('knative-eventing');
const dns = elsewhere('kube-system', { 'k8s-app': 'kube-dns' });
const traefik = elsewhere('kube-system', { 'app.kubernetes.io/name': 'traefik' });
const stranger = elsewhere('default');
const monitoring: Pod = { ...elsewhere('monitoring'), namespaceLabels: { 'montage-ai/monitoring': 'true' } };

describe('the network policies', () => {
  it('let Knative reach every function, on its own ports', () => {
    for (const name of names)
      for (const from of [kourier, activator])
        for (const port of [8012, 8013, 9090]) expect(mayReach(from, functionPod(name), port), name).toBe(true);
  });

  it('let every function, and the Job, use the store and ask for names', () => {
    for (const pod of [...names.map(functionPod), prepareStore]) {
      expect(mayReach(pod, minio, 9000), JSON.stringify(pod)).toBe(true);
      expect(mayReach(pod, dns, 53, 'UDP'), JSON.stringify(pod)).toBe(true);
    }
    expect(mayReach(minio, dns, 53, 'UDP')).toBe(true);
  });

  it('let the store tell ingest, and ingest alone speak to the broker but for health, which asks after it', () => {
    for (const to of [kourier, activator]) expect(mayReach(minio, to, 8080)).toBe(true);
    expect(names.filter((name) => mayReach(functionPod(name), broker, 8080)).sort()).toEqual(['health', 'ingest']);
  });

  it('let the timer that is a CronJob wake reconcile through Knative, and use nothing else', () => {
    expect(mayReach(cronTimer, kourier, 8081)).toBe(true);
    expect(mayReach(cronTimer, dns, 53, 'UDP')).toBe(true);
    for (const to of [minio, broker, stranger, ...names.map(functionPod)])
      expect(mayReach(cronTimer, to, 9000)).toBe(false);
  });

  it('let Prometheus read every function and a collector take its spans, in namespaces that are labelled for it, and no more', () => {
    for (const name of names) {
      expect(mayReach(monitoring, functionPod(name), 8080), name).toBe(true);
      expect(mayReach(functionPod(name), monitoring, 4318), name).toBe(true);
      for (const port of [8012, 9000]) expect(mayReach(monitoring, functionPod(name), port), name).toBe(false);
      expect(mayReach(functionPod(name), monitoring, 443), name).toBe(false);
      for (const other of [elsewhere('monitoring'), stranger]) {
        expect(mayReach(other, functionPod(name), 8080), name).toBe(false);
        expect(mayReach(functionPod(name), other, 4318), name).toBe(false);
      }
    }
    expect(mayReach(monitoring, minio, 9000)).toBe(false);
  });

  it('let Traefik reach the store for signed URLs, and nothing else from outside', () => {
    expect(mayReach(traefik, minio, 9000)).toBe(true);
    expect(mayReach(traefik, minio, 9001)).toBe(false);
    for (const from of [traefik, stranger, broker])
      for (const name of names) expect(mayReach(from, functionPod(name), 8012), name).toBe(false);
    expect(mayReach(stranger, minio, 9000)).toBe(false);
  });

  it('let notify alone out, to addresses that hooks may lead to, by HTTP and HTTPS', () => {
    const out = policies.flatMap(({ podSelector, egress }) =>
      egress.flatMap(({ to, ports }) =>
        to.flatMap(({ ipBlock }) => (ipBlock ? [{ podSelector, ports: ports?.map(({ port }) => port), ipBlock }] : [])),
      ),
    );
    expect(out.map(({ ipBlock }) => ipBlock)).toEqual([
      { cidr: '0.0.0.0/0', except: NOT_PUBLIC_IPV4 },
      { cidr: GLOBAL_IPV6, except: NOT_PUBLIC_IPV6 },
    ]);
    for (const { podSelector, ports } of out) {
      expect(names.filter((name) => selects(podSelector, functionPod(name).labels))).toEqual(['notify']);
      expect(selects(podSelector, minio.labels)).toBe(false);
      expect(ports).toEqual([80, 443]);
    }
  });

  it('let no function reach another, or anything else', () => {
    for (const name of names) {
      for (const other of names) expect(mayReach(functionPod(name), functionPod(other), 8012), name).toBe(false);
      for (const to of [stranger, kourier, elsewhere('kube-system')])
        expect(mayReach(functionPod(name), to, 443)).toBe(false);
      expect(mayReach(functionPod(name), minio, 9001)).toBe(false);
    }
  });
});
