import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ambience } from '../../../shared/demo/ambience.ts';
import { makeClip } from '../../../shared/demo/clip.ts';
import type { DemoClip } from '../../../shared/demo/files.ts';
import { makeDemoFootage } from '../../../shared/demo/footage.ts';
import { Painter } from '../../../shared/demo/painter.ts';
import { SCENES, type SceneName } from '../../../shared/demo/scenes/all.ts';
import { blank, develop } from '../../../shared/demo/scenes/picture.ts';
import { ffprobe, input, startFfmpeg } from '../../../shared/media/ffmpeg.ts';

const names = Object.keys(SCENES) as SceneName[];
const shots = [
  { scene: 'bounce', from: 0, seconds: 1 },
  { scene: 'city', from: 2, seconds: 1 },
] as const;
const clip: DemoClip = { name: 'two', framesPerSecond: 25, shots };

let folder: string;
let painter: Painter;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-demo-footage-'));
  painter = new Painter();
});
afterAll(async () => {
  await painter.close();
  await rm(folder, { recursive: true, force: true });
});

function paint(scene: SceneName, seconds: number): Uint8Array {
  const picture = blank();
  SCENES[scene](picture, seconds);
  return develop(picture, 0);
}

/** Mean absolute difference of two pictures, in steps of brightness. */
function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (const [n, value] of a.entries()) sum += Math.abs(value - (b[n] as number));
  return sum / a.length;
}

describe('a scene', () => {
  it.each(names)('%s moves, uses dark and bright, and is the same each time', (scene) => {
    const picture = paint(scene, 1);
    expect(difference(picture, paint(scene, 1))).toBe(0);
    expect(difference(picture, paint(scene, 1.5))).toBeGreaterThan(1);
    const sorted = picture.toSorted();
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
    expect(at(0.999) - at(0.01)).toBeGreaterThan(90);
  });

  it('looks like no other', () => {
    const pictures = names.map((scene) => paint(scene, 1));
    for (const [n, a] of pictures.entries()) {
      for (const b of pictures.slice(n + 1)) expect(difference(a, b)).toBeGreaterThan(15);
    }
  });

  it.each(names)('%s sounds, without clipping', (scene) => {
    const { left, right } = ambience(scene, 0, 3);
    const peak = Math.max(
      ...[left, right].map((channel) => channel.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
    );
    expect(peak).toBeGreaterThan(0.01);
    expect(peak).toBeLessThan(1);
  });
});

describe('a clip', () => {
  it('is 720p H.264 with sound of the same length, and its bytes are the same each time', async () => {
    const path = await makeClip(clip, folder, painter);
    const bytes = await readFile(path);
    const told = JSON.parse(
      await ffprobe([...input(path), '-show_streams', '-of', 'json'], { timeLimitSeconds: 30 }),
    ) as { streams: Record<string, unknown>[] };
    expect(told.streams.find(({ codec_type }) => codec_type === 'video')).toMatchObject({
      codec_name: 'h264',
      width: 1280,
      height: 720,
      r_frame_rate: '25/1',
      nb_frames: '50',
    });
    const sound = told.streams.find(({ codec_type }) => codec_type === 'audio');
    expect(Math.abs(Number(sound?.duration) - 2)).toBeLessThan(0.06);
    expect((await readFile(await makeClip(clip, folder, painter))).equals(bytes)).toBe(true);
    expect(await readdir(folder)).toEqual(['two.mp4']);
  });

  it('cuts hard from one shot to the next, at the frame', async () => {
    const path = await makeClip(clip, folder, painter);
    const running = await startFfmpeg([...input(path), '-vf', 'scale=64:36,format=gray', '-f', 'rawvideo', 'pipe:1'], {
      timeLimitSeconds: 30,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of running.stdout) chunks.push(chunk as Buffer);
    await running.ended;
    const pixels = Buffer.concat(chunks);
    const frame = (n: number) => pixels.subarray(n * 64 * 36, (n + 1) * 64 * 36);
    const changes = Array.from({ length: 49 }, (_, n) => difference(frame(n), frame(n + 1)));
    expect(changes.indexOf(Math.max(...changes))).toBe(24);
    expect(changes[24]).toBeGreaterThan(6 * Math.max(...changes.filter((_, n) => n !== 24)));
  });

  it('leaves nothing behind when it is cancelled half way', async () => {
    const cancelled = join(folder, 'cancelled');
    const stop = new AbortController();
    const reason = new Error('Stopped');
    let pictures = 0;
    const onProgress = () => {
      if (++pictures === 3) stop.abort(reason);
    };
    await expect(makeDemoFootage(cancelled, { signal: stop.signal, onProgress })).rejects.toBe(reason);
    expect(await readdir(cancelled)).toEqual([]);
  });
});
