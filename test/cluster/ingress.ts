import { join } from 'node:path';
import { startDaemon } from './daemon.ts';
import { apply, kubectl } from './kubectl.ts';
import { NODE_ADDRESS } from './network.ts';

// Kourier's own names, which the project's routes lead to.
const NAMESPACE = 'kourier-system';
const SERVICE = 'kourier-internal';
/** The name that requests for all Knative Services go to. */
export const GATEWAY = `${SERVICE}.${NAMESPACE}.svc.cluster.local`;
export const GATEWAY_PORT = 8081;

/** Starts the stand-in for Kourier and makes it Knative's ingress. */
export async function startIngress(): Promise<void> {
  await apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: SERVICE, namespace: NAMESPACE },
      spec: { ports: [{ name: 'http', port: 80, targetPort: GATEWAY_PORT }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${SERVICE}-node`, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': SERVICE } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: GATEWAY_PORT }],
      endpoints: [{ addresses: [NODE_ADDRESS], conditions: { ready: true } }],
    },
  );
  startDaemon('gateway', process.execPath, [join(import.meta.dirname, 'gateway.ts')]);
  const change = JSON.stringify({ data: { 'ingress-class': 'kourier.ingress.networking.knative.dev' } });
  await kubectl(['patch', 'configmap', 'config-network', '-n', 'knative-serving', '--type=merge', '-p', change]);
}
