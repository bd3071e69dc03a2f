import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { z } from 'zod';
import { Client } from '../../shared/api/client.ts';
import { MinioStore } from '../../storage/minio.ts';
import type { Cluster } from './cluster.ts';
import { PodLogs } from './pod-logs.ts';
import { tunnel } from './tunnel.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MANIFESTS = join(ROOT, 'knative');
export const NAMESPACE = 'montage-ai';
export const FUNCTIONS_IMAGE = 'dev.local/montage-functions';
export const UPSCALE_IMAGE = 'dev.local/montage-upscale';

const PodsSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }) })),
});

/** What a Kustomize patch may be here: its target and the patch itself, as values. */
export interface Patch {
  target: Record<string, string>;
  patch: unknown;
}

/** Montage on the test cluster, and the ways to it that a person has. */
export interface Deployed extends AsyncDisposable {
  store: MinioStore;
  client: Client;
  apiUrl: string;
  logs: PodLogs;
  /** kubectl in the system's namespace. */
  kubectl: (...args: string[]) => Promise<string>;
  /** kubectl in the namespace of the broker. */
  inKnative: (...args: string[]) => Promise<string>;
  apply: (document: object) => Promise<void>;
  /** What people sign in by. */
  accessToken: string;
  /** What MinIO's notifications bring. */
  token: () => string;
  /** Names of a function's pods that are there, those that are ending left out. */
  pods(service: string): Promise<string[]>;
  /** Waits until no function runs: MinIO alone is left. */
  atRest(): Promise<unknown>;
  /** Any of the functions' own HTTP answers, through the cluster's ingress. */
  url(service: string): Promise<string>;
}

interface Additions {
  patches?: readonly Patch[];
  extra?: readonly unknown[];
  /** Folders of `knative/` that are Kustomize components. */
  components?: readonly string[];
}

/** Puts an overlay's manifests together with the test's own images; `extra` are more documents of its own. */
export async function kustomized(
  overlay: string,
  { patches = [], extra = [], components = [] }: Additions = {},
): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'montage-overlay-'));
  await writeFile(join(folder, 'extra.yaml'), extra.map((each) => stringify(each)).join('---\n'));
  await writeFile(
    join(folder, 'kustomization.yaml'),
    stringify({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [relative(folder, join(MANIFESTS, 'overlays', overlay)), ...(extra.length > 0 ? ['extra.yaml'] : [])],
      components: components.map((name) => relative(folder, join(MANIFESTS, name))),
      patches: patches.map(({ target, patch }) => ({ target, patch: stringify(patch) })),
      images: [
        { name: 'ghcr.io/montage-ai/functions', newName: FUNCTIONS_IMAGE, newTag: 'test' },
        { name: 'ghcr.io/montage-ai/upscale', newName: UPSCALE_IMAGE, newTag: 'test' },
        { name: 'quay.io/minio/minio', newName: 'dev.local/minio', newTag: 'test' },
      ],
    }),
  );
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const secret = () => randomBytes(24).toString('hex');

/** As K3s makes it where it finds NVIDIA's runtime. */
const NVIDIA = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'nvidia' },
  handler: 'nvidia',
};

/** The cluster as the operator's guide prepares it: Knative's flags, a GPU's runtime class, and the namespace with nothing in it. */
export async function emptyNamespace({ kubectl }: Pick<Cluster, 'kubectl'>): Promise<void> {
  const features = join(ROOT, 'knative/base/config-features.yaml');
  await kubectl(['patch', 'configmap', 'config-features', '-n', 'knative-serving', '--patch-file', features]);
  await kubectl(['apply', '-f', '-'], stringify(NVIDIA));
  await deleteNamespace({ kubectl });
  await kubectl(['create', 'namespace', NAMESPACE]);
  // Knative tries each Service's pod on the API server before it admits it, in a dry run too.
  await kubectl(['apply', '-n', NAMESPACE, '-f', join(ROOT, 'knative/base/service-account.yaml')]);
}

/**
 * Follows the operator's guide on an empty namespace: flags, keys, one overlay. Resolves when all Services are ready and the store
 * is prepared. Disposing deletes the namespace.
 */
export async function deploy(cluster: Cluster, additions: Additions = {}): Promise<Deployed> {
  const kubectl = (...args: string[]) => cluster.kubectl(args);
  const inNamespace = (...args: string[]) => kubectl('-n', NAMESPACE, ...args);
  const [accessKey, secretKey, rootKey, token, accessToken] = ['montage', secret(), secret(), secret(), secret()];
  await emptyNamespace(cluster);
  for (const [name, values] of Object.entries({
    'montage-minio': { MINIO_ROOT_USER: 'root-of-minio', MINIO_ROOT_PASSWORD: rootKey },
    'montage-store': { MONTAGE_STORE_ACCESS_KEY: accessKey, MONTAGE_STORE_SECRET_KEY: secretKey },
    'montage-ingest': { token },
    'montage-sign-in': { MONTAGE_ACCESS_TOKEN: accessToken, MONTAGE_SESSION_KEY: secret() },
  }))
    await inNamespace('create', 'secret', 'generic', name, ...literals(values));
  const logs = new PodLogs(NAMESPACE);
  {
    const components = ['sign-in', ...(additions.components ?? [])];
    await using overlay = await kustomized('local', { ...additions, components });
    // On two cores a webhook of Knative's may be away for a moment; an operator would apply it again too.
    await until('the overlay is applied', () =>
      kubectl('apply', '-k', overlay.folder).catch((error: Error) => void console.log(error.message.slice(-300))),
    );
  }
  await inNamespace('wait', '--for=condition=Ready', 'ksvc', '--all', '--timeout=300s');
  await inNamespace('wait', '--for=condition=Complete', 'job/prepare-store', '--timeout=300s');
  const events = ['broker', 'trigger', 'pingsource', 'sinkbinding'].join();
  await inNamespace('wait', '--for=condition=Ready', events, '--all', '--timeout=300s');

  const ways = new AsyncDisposableStack();
  const addressOf = (namespace: string, name: string) =>
    kubectl('get', 'service', name, '-n', namespace, '-o', 'jsonpath={.spec.clusterIP}');
  const open = async (namespace: string, name: string, port: number, asHost?: string) => {
    const address = await addressOf(namespace, name);
    return ways.use(await tunnel(cluster.inNetwork, address, port, asHost)).url;
  };
  const url = (service: string) =>
    open('kourier-system', 'kourier-internal', 80, `${service}.${NAMESPACE}.svc.cluster.local`);
  const apiUrl = await url('jobs');
  return {
    store: new MinioStore({ url: await open(NAMESPACE, 'minio', 9000), accessKey, secretKey }),
    client: new Client({ url: apiUrl, token: accessToken }),
    apiUrl,
    accessToken,
    logs,
    kubectl: inNamespace,
    inKnative: (...args) => kubectl('-n', 'knative-eventing', ...args),
    async apply(document) {
      await cluster.kubectl(['apply', '-f', '-'], stringify(document));
    },
    token: () => token,
    url,
    atRest: () =>
      until('MinIO alone is left', async () => {
        const left = await inNamespace('get', 'pods', '--field-selector=status.phase=Running', '-o', 'name');
        return left.trim() === 'pod/minio-0';
      }),
    async pods(service) {
      const { items } = PodsSchema.parse(
        JSON.parse(await inNamespace('get', 'pods', '-l', `serving.knative.dev/service=${service}`, '-o', 'json')),
      );
      return items.flatMap(({ metadata }) => (metadata.deletionTimestamp ? [] : [metadata.name]));
    },
    async [Symbol.asyncDispose]() {
      await ways.disposeAsync();
      await logs.stop();
      await deleteNamespace(cluster);
    },
  };
}

/** Doesn't wait for the half minute in which a pod of Knative's drains. */
async function deleteNamespace({ kubectl }: Pick<Cluster, 'kubectl'>): Promise<void> {
  await kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false']);
  await until('the namespace is gone', async () => {
    await kubectl(['-n', NAMESPACE, 'delete', 'pods', '--all', '--grace-period=0', '--force', '--ignore-not-found']);
    return !(await kubectl(['get', 'namespace', NAMESPACE, '--ignore-not-found', '-o', 'name']));
  });
}

/** Looks again and again until it sees something, for so long; then fails with what was waited for. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false | undefined> | T | null | false | undefined,
  seconds = 300,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const seen = await look();
    if (seen) return seen;
    await sleep(500);
  }
  throw new Error(`Waited ${seconds} s in vain: ${what}`);
}

function literals(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `--from-literal=${name}=${value}`);
}
