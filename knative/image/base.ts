import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildah, IMAGES } from './buildah.ts';
import { type OnLine, run } from './run.ts';

/** As Debian, Docker and Kubernetes call it. */
export const ARCHITECTURES = ['amd64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

const SUITE = 'trixie';
const ARCHIVES = [
  `deb http://deb.debian.org/debian ${SUITE} main`,
  `deb http://deb.debian.org/debian ${SUITE}-updates main`,
  `deb http://deb.debian.org/debian-security ${SUITE}-security main`,
];
/** What Docker's own slim images leave out, and don't. */
const SLIM = ['exclude=/usr/share/man/*', 'exclude=/usr/share/locale/*', 'exclude=/usr/share/doc/*'];
const KEPT = 'include=/usr/share/doc/*/copyright';

/** A Debian to build on that comes from Debian's own archive, not from a registry of images; made once. Gives its name. */
export async function debianBase(architecture: Architecture, onLine: OnLine): Promise<string> {
  const name = `dev.local/debian:${SUITE}-${architecture}`;
  if (await buildah(['images', '--quiet', '--filter', `reference=${name}`])) return name;
  const archive = join(IMAGES, `base-${architecture}.tar`);
  const options = [...SLIM, KEPT].map((option) => `--dpkgopt=path-${option}`);
  const what = ['--variant=minbase', `--architectures=${architecture}`, ...options, SUITE, archive, ...ARCHIVES];
  await run('nice', ['-n', '10', 'mmdebstrap', ...what], onLine);
  const container = (await buildah(['from', '--arch', architecture, 'scratch'])).trim();
  try {
    await buildah(['add', '--quiet', container, archive, '/']);
    await buildah(['config', '--arch', architecture, container]);
    await buildah(['commit', '--quiet', container, name]);
  } finally {
    await buildah(['rm', container]);
    await rm(archive, { force: true });
  }
  return name;
}
