import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { buildImage, saveImage } from '../../knative/image/image.ts';
import { installNeeds } from '../knative/image/machine.ts';
import type { Cluster } from './cluster.ts';
import { run } from './command.ts';
import { FUNCTIONS_IMAGE, UPSCALE_IMAGE } from './deployed.ts';

const ManifestSchema = z.tuple([z.object({ Layers: z.array(z.string()).min(1) })]);
const TRIPLET = 'x86_64-linux-gnu';

/** Builds the image of all functions, or what has changed of it, and gives its id. */
export async function buildFunctions(): Promise<string> {
  await installNeeds('amd64');
  return buildImage({ arch: 'amd64', target: 'functions' });
}

/** Brings the images of all functions into the node. Returns the archive of the one that they share. */
export async function loadFunctions(cluster: Cluster, scratch: string): Promise<string> {
  const archive = join(scratch, 'functions.tar');
  await saveImage(await buildFunctions(), `${FUNCTIONS_IMAGE}:test`, archive);
  await cluster.loadImage(archive);
  const ofUpscale = join(scratch, 'upscale.tar');
  await saveImage(await buildImage({ arch: 'amd64', target: 'upscale' }), `${UPSCALE_IMAGE}:test`, ofUpscale);
  await cluster.loadImage(ofUpscale);
  await rm(ofUpscale);
  return archive;
}

/** The environment in which this machine uses the image's own ffmpeg, so that it makes the very pictures that the image makes. */
export async function imagesFfmpeg(scratch: string, archive: string): Promise<Record<string, string>> {
  const root = join(scratch, 'root-of-the-image');
  await mkdir(root);
  await run('tar', ['-xf', archive, '-C', scratch, 'manifest.json']);
  const [{ Layers }] = ManifestSchema.parse(JSON.parse(await readFile(join(scratch, 'manifest.json'), 'utf8')));
  for (const layer of Layers) {
    await run('tar', ['-xf', archive, '-C', scratch, layer]);
    await run('tar', ['-xf', join(scratch, layer), '-C', root, '--exclude=dev/*', '--exclude=.wh.*']);
  }
  const loader = join(root, 'usr/lib', TRIPLET, 'ld-linux-x86-64.so.2');
  const libraries = [
    join(root, 'usr/lib', TRIPLET),
    join(root, 'usr/lib', TRIPLET, 'blas'),
    join(root, 'usr/lib', TRIPLET, 'lapack'),
    join(root, 'usr/lib', TRIPLET, 'pulseaudio'),
  ];
  const wrapped = async (program: string) => {
    const script = join(scratch, program);
    const line = `exec ${loader} --library-path ${libraries.join(':')} ${join(root, 'usr/bin', program)} "$@"`;
    await writeFile(script, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    return script;
  };
  return { FFMPEG_PATH: await wrapped('ffmpeg'), FFPROBE_PATH: await wrapped('ffprobe') };
}
