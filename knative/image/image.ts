import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Architecture, debianBase } from './base.ts';
import { buildah } from './buildah.ts';
import { checkNeeds, ownArchitecture } from './needs.ts';
import type { OnLine } from './run.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCKERFILE = join(import.meta.dirname, 'Dockerfile');

/** The targets of the Dockerfile that are images. */
export const TARGETS = ['functions', 'upscale', 'all'] as const;
export type Target = (typeof TARGETS)[number];

export interface Image {
  arch: Architecture;
  target: Target;
}

/**
 * Builds an image, of which buildah does again only what has changed, and gives its id.
 *
 * @throws {Refusal} saying what is missing on this machine, or what the build said last.
 */
export async function buildImage({ arch, target }: Image, onLine: OnLine = () => {}): Promise<string> {
  await checkNeeds(arch);
  const own = ownArchitecture();
  // Docker sets the platforms by itself.
  const settings = {
    BASE: await debianBase(arch, onLine),
    BUILD_BASE: await debianBase(own, onLine),
    BUILDPLATFORM: `linux/${own}`,
    TARGETPLATFORM: `linux/${arch}`,
    TARGETARCH: arch,
    ...(process.env.npm_config_registry ? { NPM_REGISTRY: process.env.npm_config_registry } : {}),
  };
  const ca = process.env.NODE_EXTRA_CA_CERTS;
  const scratch = await mkdtemp(join(tmpdir(), 'montage-image-'));
  const idFile = join(scratch, 'id');
  try {
    await buildah(
      [
        // Docker's own format: the other one has no health checks.
        ...['build', '--format', 'docker', '--layers', '--force-rm', '--isolation', 'chroot', '--arch', arch],
        ...[
          '--target',
          target,
          '--iidfile',
          idFile,
          '--file',
          DOCKERFILE,
          '--ignorefile',
          `${DOCKERFILE}.dockerignore`,
        ],
        ...(ca ? ['--secret', `id=ca,src=${ca}`] : []),
        ...Object.entries(settings).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
        ROOT,
      ],
      onLine,
    );
    return (await readFile(idFile, 'utf8')).trim().replace('sha256:', '');
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Writes an image into a file that Docker and Kubernetes' nodes take (docker-archive), whole or not at all. */
export async function saveImage(id: string, name: string, file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  try {
    await buildah(['push', '--quiet', id, `docker-archive:${unfinished}:${name}`]);
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}
