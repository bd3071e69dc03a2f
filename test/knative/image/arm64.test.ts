import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../knative/image/run.ts';
import { probe } from '../../../shared/media/probe.ts';
import { Container } from './container.ts';
import { imageSkipReason } from './machine.ts';
import { type MountedImage, mountImage } from './mounted-image.ts';

const missing = imageSkipReason();
const unless = missing ? ` (skipped: ${missing})` : '';
const URL = 'http://127.0.0.1:8080';
/** Debian's packages are unpacked under emulation, once. */
const BUILD_MS = 60 * 60_000;

describe.skipIf(missing)(`the image for arm64${unless}`, { timeout: 600_000 }, () => {
  let image: MountedImage;
  let folder: string;
  let container: Container;

  beforeAll(async () => {
    image = await mountImage({ arch: 'arm64', target: 'functions' });
    folder = await mkdtemp(join(tmpdir(), 'montage-arm64-test-'));
    await run('chown', [image.config.User, folder]);
    const command = ['functions-framework', '--target=health', '--source=functions/health/index.ts'];
    container = await Container.start(image, { command, env: { MONTAGE_DATA: '/data' }, folders: { '/data': folder } });
  }, BUILD_MS);
  afterAll(async () => {
    await container?.[Symbol.asyncDispose]();
    await image?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('is for arm64, and small', () => {
    console.log(`image: functions for arm64 has ${image.megabytes} MB`);
    expect(image.architecture).toBe('arm64');
    expect(image.megabytes).toBeLessThan(400);
  });

  it('starts a function that says it is healthy', async () => {
    expect(await container.answers(`${URL}/health`)).toEqual({ status: 200, body: '{"status":"healthy"}' });
    expect((await container.exec(['node', '-p', 'process.arch'])).trim()).toBe('arm64');
  });

  it('has the same ffmpeg, which encodes', async () => {
    expect(await container.exec(['ffmpeg', '-version'])).toMatch(/^ffmpeg version 7\./);
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=0.4'];
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '/data/small.mp4'];
    await container.exec(['ffmpeg', '-hide_banner', '-loglevel', 'error', ...source, ...encode]);
    const { video } = await probe(join(folder, 'small.mp4'), { file: 'small.mp4' });
    expect(video).toMatchObject({ codec: 'h264', width: 160, height: 90 });
  });

  it('has the compiled code of functions at hand', async () => {
    const load = ['node', '--input-type=module', '-e', "await import('/app/functions/plan/index.ts')"];
    const said = await container.exec(['sh', '-c', '"$@" 2>&1', 'sh', ...load], { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
    const own = said.split('\n').filter((line) => line.includes('/app/functions/plan/index.ts'));
    expect(own.join('\n')).toContain('was accepted');
  });
});
