import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { moduleFolder } from './golang.ts';
import { knativeImage } from './images.ts';
import { isKept, keep } from './kept.ts';
import { HOME, MANIFESTS, VERSIONS } from './places.ts';

const madeBy = [import.meta.filename];

/** Whether all manifests are there. */
export const haveManifests = (): boolean => isKept(MANIFESTS, madeBy);

/**
 * Takes the manifests of Knative and of Traefik's CRDs out of their Go modules, in two files: `definitions.yaml` must be
 * known to the API server before `knative.yaml` is applied.
 */
export async function collectManifests(): Promise<void> {
  await keep(MANIFESTS, madeBy, async (folder) => {
    await mkdir(HOME, { recursive: true });
    const serving = await moduleFolder(`knative.dev/serving@v${VERSIONS.knative}`, HOME);
    const eventing = await moduleFolder(`knative.dev/eventing@v${VERSIONS.knative}`, HOME);
    const traefik = await moduleFolder(`github.com/traefik/traefik/v3@v${VERSIONS.traefik}`, HOME);
    // Symbolic links don't survive in a module: what serving's own config/ links to is in the modules it names.
    const networking = await moduleFolder('knative.dev/networking', serving);
    const caching = await moduleFolder('knative.dev/caching', serving);
    const channel = `${eventing}/config/channels/in-memory-channel`;
    await write(join(folder, 'definitions.yaml'), [
      `${serving}/config/core/100-namespace.yaml`,
      `${eventing}/config/core/100-namespace.yaml`,
      `${serving}/config/core/300-resources/*`,
      `${networking}/config/*`,
      `${caching}/config/*`,
      `${eventing}/config/core/resources/*`,
      `${channel}/resources/*`,
      `${traefik}/docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml`,
    ]);
    await write(join(folder, 'knative.yaml'), [
      `${serving}/config/core/*`,
      `${serving}/config/core/200-roles/*`,
      `${eventing}/config/core/*`,
      `${eventing}/config/core/roles/*`,
      `${channel}/*`,
      `${channel}/roles/*`,
      `${eventing}/config/brokers/mt-channel-broker/roles/*`,
      // Config maps before the webhooks that will check them.
      ...[`${serving}/config/core`, `${eventing}/config/core`, channel].map((config) => `${config}/configmaps/*`),
      ...[`${serving}/config/core`, `${eventing}/config/core`, channel].map((config) => `${config}/deployments/*`),
      `${eventing}/config/brokers/mt-channel-broker/deployments/*`,
      ...[`${serving}/config/core`, `${eventing}/config/core`, channel].map((config) => `${config}/webhooks/*`),
    ]);
  });
}

// One of each is enough here, and what the project doesn't use isn't built.
const LEFT_OUT = /hpa|job-sink\.yaml$|request-reply\.yaml$/;

async function write(path: string, patterns: readonly string[]): Promise<void> {
  const files = patterns.flatMap((pattern) => {
    const found = globSync(pattern).filter((file) => /\.ya?ml$/.test(file) && !LEFT_OUT.test(basename(file)));
    if (found.length === 0) throw new Error(`No manifests are at ${pattern}: have the versions changed their folders?`);
    return found.sort();
  });
  const texts = files.map(async (file) => {
    const manifest = withImages(await readFile(file, 'utf8'));
    return file.includes('/deployments/') ? modest(manifest) : manifest;
  });
  await writeFile(path, (await Promise.all(texts)).join('\n---\n'));
}

const withImages = (manifest: string) =>
  manifest.replace(
    /ko:\/\/knative\.dev\/(serving|eventing)\/cmd\/([a-z_/]+)/g,
    (_, part: 'serving' | 'eventing', command) => knativeImage(part, command),
  );

const modest = (deployment: string) =>
  deployment
    // On two cores, what Knative asks for by itself leaves hardly any for the functions.
    .replace(/(requests:\n(?: *#.*\n)* *cpu: )\d+m/g, '$110m')
    // On a busy machine, a few late answers are no reason to end a part.
    .replace(/^( *)livenessProbe:\n(?:\1 +.*\n)+/gm, '')
    // Some are asked whether they are ready after twenty seconds only.
    .replace(/(initialDelaySeconds|periodSeconds): \d+/g, '$1: 2');
