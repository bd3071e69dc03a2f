import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { KNATIVE, knativeBinary, MINIO } from './binaries.ts';
import { run } from './command.ts';
import { go } from './golang.ts';
import { isKept, keep } from './kept.ts';
import { IMAGES, PROGRAMS, VERSIONS } from './places.ts';

// Names below dev.local are taken as they are: Knative asks no registry for their digest.
/** What holds a pod's namespaces open. */
export const PAUSE = 'dev.local/pause:1';
/** The program of programs/answer.go. */
export const ANSWER = 'dev.local/answer:1';

/** The image of a command of Knative. */
export const knativeImage = (part: 'serving' | 'eventing', command: string): string =>
  `dev.local/${part}-${basename(command)}:v${VERSIONS.knative}`;

const sourceOf = (program: string) => join(import.meta.dirname, 'programs', `${program}.go`);
const NOBODY = 65532;
const OWN = ['pause', 'answer'].map(sourceOf);
const madeBy = [import.meta.filename, join(import.meta.dirname, 'binaries.ts'), ...OWN];

/** Whether all images are there. */
export const haveImages = (): boolean => isKept(IMAGES, madeBy);

/** Builds the cluster's images: each holds one static binary. */
export async function buildImages(): Promise<void> {
  await keep(PROGRAMS, OWN, async (folder) => {
    for (const source of OWN) {
      const out = join(folder, basename(source, '.go'));
      await go(['build', '-trimpath', '-o', out, source], folder, { CGO_ENABLED: '0' });
    }
  });
  await keep(IMAGES, madeBy, async (folder) => {
    console.log('cluster: making images');
    await image(folder, join(PROGRAMS, 'pause'), PAUSE, NOBODY);
    await image(folder, join(PROGRAMS, 'answer'), ANSWER, NOBODY);
    await image(folder, MINIO, 'dev.local/minio:test', 1000);
    for (const part of ['serving', 'eventing'] as const)
      for (const command of KNATIVE[part])
        await image(folder, knativeBinary(part, command), knativeImage(part, command), NOBODY);
  });
}

/** Writes an image as a docker-archive. */
async function image(folder: string, binary: string, name: string, user: number): Promise<void> {
  const parts = await mkdtemp(join(folder, 'parts-'));
  const root = join(parts, 'root');
  await mkdir(join(root, 'app'), { recursive: true });
  await mkdir(join(root, 'tmp'));
  await chmod(join(root, 'tmp'), 0o1777);
  await copyFile(binary, join(root, 'app', 'run'));
  await chmod(join(root, 'app', 'run'), 0o755);
  const layer = join(parts, 'layer.tar');
  await run('tar', ['--create', '--owner=0', '--group=0', '--file', layer, '--directory', root, '.']);
  const digest = createHash('sha256');
  await pipeline(createReadStream(layer), digest);
  const config = JSON.stringify({
    architecture: { x64: 'amd64' }[process.arch as string] ?? process.arch,
    os: 'linux',
    config: { Entrypoint: ['/app/run'], User: String(user), WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest.digest('hex')}`] },
  });
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  await writeFile(join(parts, configName), config);
  await writeFile(
    join(parts, 'manifest.json'),
    JSON.stringify([{ Config: configName, RepoTags: [name], Layers: ['layer.tar'] }]),
  );
  const archive = join(parts, 'image.tar');
  await run('tar', ['--create', '--file', archive, '--directory', parts, 'manifest.json', configName, 'layer.tar']);
  await rename(archive, join(folder, `${name.replace(/^.*\//, '').replace(':', '-')}.tar`));
  await rm(parts, { recursive: true });
}
