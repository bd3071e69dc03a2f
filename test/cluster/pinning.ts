import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { pendingIn } from '../../functions/cli/pending-pods.ts';
import type { Cluster } from './cluster.ts';
import { kustomized, NAMESPACE, until } from './deployed.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The seed cluster: names and labels as they are there. */
const SEED = [
  { name: 'codeai-worker-amd64', arch: 'amd64' },
  { name: 'codeai-amd64-2', arch: 'amd64' },
  { name: 'codeaijetson-desktop', arch: 'arm64', gpu: true },
  { name: 'codeai-arm64-1', arch: 'arm64' },
  { name: 'codeai-arm64-2', arch: 'arm64' },
  { name: 'codeai-adreno-1', arch: 'arm64' },
  { name: 'codeai-adreno-2', arch: 'arm64' },
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
 * Claims about where the real scheduler puts the pods of overlay k3s, on nodes that are known to the API server and have nobody behind
 * them. `upscale` isn't there yet: a function of that name is added that is like render but for the nodes it asks for.
 */
export function pinning(cluster: () => Cluster): void {
  it('puts render and assemble on amd64, upscale on the Jetson, MinIO on the node with the disk', async () => {
    const { kubectl, registerNode } = cluster();
    for (const { name, arch, gpu } of SEED)
      await registerNode(
        name,
        { 'kubernetes.io/arch': arch, 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name },
        gpu ? [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] : [],
      );
    await kubectl(['cordon', ...(await ownNodes(cluster()))]);
    await kubectl(
      ['apply', '-f', '-'],
      stringify({
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name: 'nvidia' },
        handler: 'nvidia',
      }),
    );
    const folder = await withUpscale();
    try {
      await using put = await kustomized('k3s', { manifests: folder });
      await kubectl(['apply', '-k', put.folder]);
      const placed = await until('all pods are placed', async () => {
        const pods = await podsOf(cluster());
        const names = new Set(pods.map(({ service }) => service));
        const all = ['render', 'assemble', 'upscale', 'plan', 'analyze-footage', 'minio'].every((name) =>
          names.has(name),
        );
        return all && pods.every(({ node }) => node) ? pods : null;
      });
      for (const { service, node } of placed) {
        if (service === 'render' || service === 'assemble') expect(ARCH.get(node), service).toBe('amd64');
        if (service === 'upscale') expect(node).toBe('codeaijetson-desktop');
        else expect(node, service).not.toBe('codeaijetson-desktop');
        if (service === 'minio') expect(node).toBe('codeai-worker-amd64');
      }

      // With the Jetson gone, its work waits and says why, rather than go elsewhere.
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
      await rm(folder, { recursive: true, force: true });
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

/** A copy of the manifests with a function `upscale` in the base. */
async function withUpscale(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'montage-upscale-'));
  await cp(join(ROOT, 'knative'), folder, { recursive: true });
  const [render = ''] = (await readFile(join(folder, 'base/render.yaml'), 'utf8')).split('\n---\n');
  const upscale = render
    .replaceAll('render', 'upscale')
    .replace(/ +nodeSelector:\n +kubernetes\.io\/arch: amd64\n/, '');
  await writeFile(join(folder, 'base/upscale.yaml'), upscale);
  const path = join(folder, 'base/kustomization.yaml');
  const kustomization = parse(await readFile(path, 'utf8')) as { resources: string[] };
  kustomization.resources.push('upscale.yaml');
  await writeFile(path, stringify(kustomization));
  return folder;
}
