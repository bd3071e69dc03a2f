import { statfsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type OnLine, run } from './run.ts';

/** Where bases, layers and archives are kept from one build to the next; may be deleted at any time. */
export const IMAGES = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'montage', 'images');

const OVERLAYFS = 0x794c7630;

/**
 * Runs buildah over Montage's own images and gives what it printed. It leaves the machine to those who work on it.
 *
 * @throws {Refusal} with what it said last when it fails.
 */
export async function buildah(args: readonly string[], onLine?: OnLine): Promise<string> {
  await mkdir(IMAGES, { recursive: true });
  // Overlays can't lie on overlays, as in a container.
  const driver = statfsSync(IMAGES).type === OVERLAYFS ? 'vfs' : 'overlay';
  const storage = ['--root', join(IMAGES, 'storage'), '--runroot', '/run/montage-images', '--storage-driver', driver];
  return run('nice', ['-n', '10', 'buildah', ...storage, ...args], onLine);
}
