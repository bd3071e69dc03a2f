import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARCHITECTURES } from '../../../knative/image/base.ts';
import { run } from '../../../knative/image/run.ts';
import { chunksOf } from '../../../shared/chunks.ts';
import { cacheKeys, jobRequestKey, revisionKeys } from '../../../shared/keys.ts';
import { probe } from '../../../shared/media/probe.ts';
import { chunkHash } from '../../../shared/segment-hash.ts';
import { UpscaleSchema } from '../../../shared/super-resolution.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { timelineOf } from '../../functions/assemble/material.ts';
import { makeClip } from '../../media/clip.ts';
import { Container } from './container.ts';
import { imageSkipReason } from './machine.ts';
import { type MountedImage, mountImage } from './mounted-image.ts';

const missing = imageSkipReason();
const unless = missing ? ` (skipped: ${missing})` : '';
const BUILD_MS = 60 * 60_000;
const USER = '65532:65532';
const URL = 'http://127.0.0.1:8080/';
const SEGMENT = 'c'.repeat(64);

describe.skipIf(missing).each(ARCHITECTURES)(`the image of upscale for %s${unless}`, { timeout: 600_000 }, (arch) => {
  let image: MountedImage;
  let folder: string;
  let store: FolderStore;
  let container: Container;
  beforeAll(async () => {
    image = await mountImage({ arch, target: 'upscale' });
    folder = await mkdtemp(join(tmpdir(), 'montage-upscale-image-'));
    const data = join(folder, 'data');
    store = new FolderStore(data);
    await store.prepare();
    const clip = await makeClip(folder, { name: 'small.mp4', width: 160, height: 90, seconds: 1, audio: null });
    await store.putFileOnce('cache', cacheKeys.segment(SEGMENT), clip.path);
    for (const job of ['on-cpu', 'on-gpu'])
      await store.putOnce('jobs', jobRequestKey(job), JSON.stringify({ footageSet: 'film' }));
    await run('chown', ['-R', USER, folder]);
    await run('chmod', ['755', folder]);
    const command = ['functions-framework', '--target=upscale', '--source=functions/upscale/index.ts'];
    const env = { MONTAGE_DATA: '/data', MONTAGE_SCRATCH: '/tmp' };
    container = await Container.start(image, { command, env, folders: { '/data': data } });
    await container.answers(URL);
  }, BUILD_MS);
  afterAll(async () => {
    await container?.[Symbol.asyncDispose]();
    await image?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  it('is of that architecture, and holds nothing of another', async () => {
    console.log(`image: upscale for ${arch} has ${image.megabytes} MB`);
    expect(image.architecture).toBe(arch);
    expect(image.megabytes).toBeLessThan(600);
    const cpu = { amd64: 'x64', arm64: 'arm64' }[arch];
    const modules = '/app/functions/upscale/node_modules';
    expect(await container.exec(['ls', `${modules}/webgpu/dist`])).toBe(`linux-${cpu}\n`);
    expect(await container.exec(['sh', '-c', `cd ${modules}/onnxruntime-node/bin/napi-v6 && echo */*`])).toBe(
      `linux/${cpu}\n`,
    );
    expect((await container.exec(['ls', modules])).split('\n')).not.toContain('@tensorflow');
  });

  it('asks NVIDIA’s runtime for the GPU and its Vulkan driver, and has the loaders that this takes', async () => {
    expect(image.config.Env).toContain('NVIDIA_VISIBLE_DEVICES=all');
    expect(image.config.Env).toContain('NVIDIA_DRIVER_CAPABILITIES=compute,graphics,utility');
    const triplet = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[arch];
    const libraries = ['libvulkan.so.1', 'libEGL.so.1', 'libGLX.so.0', 'libX11.so.6', 'libXext.so.6'];
    for (const library of libraries)
      expect(await container.exec(['ls', `/usr/lib/${triplet}/${library}`])).toContain(library);
  });

  it('makes a chunk larger on the CPU where that is allowed, by a network that it brings', async () => {
    const { key, hash } = await ask('on-cpu', true);
    expect((await wake(key)).status).toBeLessThan(300);
    const file = (await store.localPath('cache', cacheKeys.segment(hash))) ?? '';
    const { video } = await probe(file, { file: 'chunk.mp4' });
    expect(video).toMatchObject({ width: 320, height: 180 });
    expect(
      JSON.parse((await store.read('jobs', revisionKeys('on-cpu', 1).marker('upscale', hash))).toString()),
    ).toEqual({
      seconds: expect.any(Number),
    });
  });

  it('says what is missing where there is no GPU and the CPU isn’t allowed', async () => {
    await store.delete('cache', cacheKeys.segment((await ask('on-cpu', true)).hash));
    const { key } = await ask('on-gpu', false);
    expect((await wake(key)).status).toBeLessThan(300);
    const failure = JSON.parse(await readFile(join(folder, 'data/jobs', revisionKeys('on-gpu', 1).failed(1)), 'utf8'));
    expect(failure).toMatchObject({ stage: 'upscale', reason: expect.stringContaining('has no GPU') });
  });

  /** A request for the first chunk of a job. */
  async function ask(job: string, onCpu: boolean): Promise<{ key: string; hash: string }> {
    const timeline = {
      ...timelineOf({ cuts: [{ frames: 8 }], sources: [{ width: 160, height: 90 }] }),
      ...{ width: 320, height: 180, upscale: UpscaleSchema.parse({ onCpu }) },
    };
    const [[spec] = []] = chunksOf(timeline, [SEGMENT]);
    if (!spec) throw new Error('There is nothing to make larger');
    const hash = chunkHash(spec);
    const key = revisionKeys(job, 1).request('upscale', hash, 1);
    await store.putOnce('jobs', key, JSON.stringify(spec));
    await run('chown', ['-R', USER, folder]);
    return { key, hash };
  }

  const wake = (key: string) =>
    container.answers(URL, {
      method: 'POST',
      headers: {
        'ce-specversion': '1.0',
        'ce-id': key,
        'ce-source': '/buckets/jobs',
        'ce-type': 'ai.montage.upscale.requested',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ bucket: 'jobs', key, etag: '0', size: 1 }),
    });
});
