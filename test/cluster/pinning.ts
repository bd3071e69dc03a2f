import { expect, it } from 'vitest';
import { z } from 'zod';
import { pendingIn } from '../../functions/cli/pending-pods.ts';
import type { Cluster } from './cluster.ts';
import { kustomized, NAMESPACE, until } from './deployed.ts';

/** The seed cluster: names and labels as they are there. With it, a node of a cloud that its overlay burst has GPUs from. */
const SEED = [
  { name: 'codeai-worker-amd64', arch: 'amd64' },
  { name: 'codeai-amd64-2', arch: 'amd64' },
  { name: 'codeaijetson-desktop', arch: 'arm64', gpu: true },
  { name: 'codeai-arm64-1', arch: 'arm64' },
  { name: 'codeai-arm64-2', arch: 'arm64' },
  { name: 'codeai-adreno-1', arch: 'arm64' },
  { name: 'codeai-adreno-2', arch: 'arm64' },
  { name: 'cloud-gpu-1', arch: 'amd64', gpu: true, pool: 'cloud-gpu' },
];
const ARCH = new Map(SEED.map(({ name, arch }) => [name, arch]));

const PodsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
      spec: z.object({ nodeName: z.string().optional() }),
    }),
  ),
});

/**
 * Claims about where the real scheduler puts the pods of overlay burst, which are those of k3s and one more, on nodes that are known to
 * the API server and have nobody behind them.
 */
export function pinning(cluster: () => Cluster): void {
  it('puts render and assemble on amd64, upscale on the Jetson and the cloud’s GPU, MinIO on the node with the disk', async () => {
    const { kubectl, registerNode } = cluster();
    for (const { name, arch, gpu, pool } of SEED)
      await registerNode(
        name,
        {
          'kubernetes.io/arch': arch,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/hostname': name,
          ...(pool ? { 'montage.ai/pool': pool } : {}),
        },
        gpu ? [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] : [],
        pool ? { 'nvidia.com/gpu': '1' } : {},
      );
    await kubectl(['cordon', ...(await ownNodes(cluster()))]);
    try {
      await using put = await kustomized('burst');
      await kubectl(['apply', '-k', put.folder]);
      const placed = await until('all pods are placed', async () => {
        const pods = await podsOf(cluster());
        const names = new Set(pods.map(({ service }) => service));
        const all = ['render', 'assemble', 'upscale', 'upscale-cloud', 'plan', 'analyze-footage', 'minio'].every(
          (name) => names.has(name),
        );
        return all && pods.every(({ node }) => node) ? pods : null;
      });
      for (const { service, node } of placed) {
        if (service === 'render' || service === 'assemble') expect(ARCH.get(node), service).toBe('amd64');
        if (service === 'upscale') expect(node).toBe('codeaijetson-desktop');
        else if (service === 'upscale-cloud') expect(node).toBe('cloud-gpu-1');
        else expect(['codeaijetson-desktop', 'cloud-gpu-1'], service).not.toContain(node);
        if (service === 'minio') expect(node).toBe('codeai-worker-amd64');
      }

      // With the Jetson gone, what is asked of it waits and says why, rather than go elsewhere.
      await kubectl(['cordon', 'codeaijetson-desktop']);
      await kubectl([
        '-n',
        NAMESPACE,
        'delete',
        'pod',
        '-l',
        'serving.knative.dev/service=upscale',
        '--grace-period=0',
        '--force',
      ]);
      const waiting = await until('upscale waits', async () => {
        const list = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'pods', '-o', 'json'])) as unknown;
        return pendingIn(list).find((pod) => pod.function === 'upscale');
      });
      expect(waiting.reason).toMatch(/^0\/\d+ nodes are available/);
    } finally {
      await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
      await kubectl(['-n', NAMESPACE, 'delete', 'pods', '--all', '--grace-period=0', '--force']);
      await kubectl(['delete', 'node', ...SEED.map(({ name }) => name)]);
      await kubectl(['uncordon', ...(await ownNodes(cluster()))]);
      await kubectl(['wait', '--for=delete', `namespace/${NAMESPACE}`, '--timeout=120s']);
      await kubectl(['delete', 'pv', 'montage-minio', '--ignore-not-found']);
    }
  });
}

async function ownNodes({ kubectl }: Cluster): Promise<string[]> {
  const names = (await kubectl(['get', 'nodes', '-o', 'name'])).trim().split('\n');
  return names.map((name) => name.replace('node/', '')).filter((name) => !ARCH.has(name));
}

async function podsOf({ kubectl }: Cluster): Promise<{ service: string; node: string }[]> {
  const { items } = PodsSchema.parse(JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'pods', '-o', 'json'])));
  return items
    .filter(({ metadata }) => !metadata.labels['job-name'])
    .map(({ metadata, spec }) => ({
      service: metadata.labels['serving.knative.dev/service'] ?? metadata.labels.app ?? metadata.name,
      node: spec.nodeName ?? '',
    }));
}
