import { setTimeout as sleep } from 'node:timers/promises';
import { kubectl } from './kubectl.ts';
import { VERSIONS } from './places.ts';

/** A taint of a node. */
export interface Taint {
  key: string;
  value?: string;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

const SIZE = { cpu: '8', memory: '32Gi', pods: '110', 'ephemeral-storage': '200Gi' };
const NOT_READY = 'node.kubernetes.io/not-ready';

/** Makes a node that is there for the scheduler only: no kubelet is behind it, so pods bound to it never start. */
export async function registerNode(
  name: string,
  labels: Readonly<Record<string, string>>,
  taints: readonly Taint[] = [],
  devices: Readonly<Record<string, string>> = {},
): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const ready = { type: 'Ready', status: 'True', reason: 'Registered', message: 'by a test' };
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } },
    spec: { taints },
    status: {
      capacity: { ...SIZE, ...devices },
      allocatable: { ...SIZE, ...devices },
      conditions: [{ ...ready, lastHeartbeatTime: now, lastTransitionTime: now }],
      nodeInfo: {
        ...emptyNodeInfo,
        kubeletVersion: `v${VERSIONS.kubernetes}`,
        architecture: labels['kubernetes.io/arch'] ?? '',
      },
    },
  };
  await kubectl(['create', '-f', '-'], JSON.stringify(node));
  // Each new node is tainted until its controller has seen that it is ready.
  for (let left = 60; (await taintsOf(name)).includes(NOT_READY); left--) {
    if (left === 0)
      throw new Error(`The node ${name} stays tainted as not ready: see the log of the controller-manager`);
    await sleep(500);
  }
}

const taintsOf = (name: string) => kubectl(['get', 'node', name, '-o', 'jsonpath={.spec.taints[*].key}']);

const emptyNodeInfo = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: '',
  osImage: '',
  containerRuntimeVersion: '',
  kubeProxyVersion: '',
  operatingSystem: 'linux',
};
