import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NutReader } from '../../../../functions/upscale/video/nut-reader.ts';
import { nutFrameHeader, nutHeader } from '../../../../functions/upscale/video/nut-writer.ts';
import { startFfmpeg } from '../../../../shared/media/ffmpeg.ts';

const STREAM = { fourcc: 'I420', width: 2, height: 2, frameRate: '25/1', timeBase: { num: 1, den: 90_000 } };

/** Bytes in chunks of `size`. */
async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function framesIn(bytes: Uint8Array, chunk = 1000) {
  const reader = await NutReader.open(chunked(bytes, chunk));
  const frames = [];
  for await (const frame of reader?.frames() ?? []) frames.push(frame);
  return { timeBase: reader?.timeBase, frames };
}

/** What ffmpeg makes of some drawn pictures, or of pictures that it is given. */
async function written(args: readonly string[], given?: Uint8Array): Promise<Buffer> {
  const extraPipes = given ? 1 : 0;
  const running = await startFfmpeg(['-v', 'error', ...args, 'pipe:1'], { timeLimitSeconds: 60, extraPipes });
  if (given) running.pipes[0]?.end(given);
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await running.ended;
  return Buffer.concat(chunks);
}

describe('NUT', () => {
  it('read is what was written, in whatever chunks it comes', async () => {
    const frame = fc.record({
      pts: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2 ** 50 })),
      data: fc.uint8Array({ maxLength: 9000, size: 'max' }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 5 }), fc.integer({ min: 1, max: 5000 }), async (frames, chunk) => {
        const parts = frames.flatMap(({ pts, data }) => [nutFrameHeader(pts, data.length), data]);
        const read = await framesIn(Buffer.concat([nutHeader(STREAM), ...parts]), chunk);
        expect(read.timeBase).toEqual(STREAM.timeBase);
        expect(read.frames.map(({ pts, data }) => ({ pts, data: [...data] }))).toEqual(
          frames.map(({ pts, data }) => ({ pts, data: [...data] })),
        );
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['small pictures, whose times it shortens', '16x16', 384, 400],
    ['large ones', '320x180', 86_400, 20],
  ])('of ffmpeg is read: %s', async (_, size, bytes, frames) => {
    const drawing = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25,format=yuv420p`, '-frames:v', String(frames)];
    const late = ['-output_ts_offset', '100000', '-c:v', 'rawvideo'];
    const raw = await written([...drawing, '-c:v', 'rawvideo', '-f', 'rawvideo']);
    const read = await framesIn(await written([...drawing, ...late, '-f', 'nut']));
    const { num = 0, den = 1 } = read.timeBase ?? {};
    expect(read.frames.map(({ pts }) => (pts * num) / den)).toEqual(
      Array.from({ length: frames }, (_, frame) => 100_000 + frame / 25),
    );
    expect(read.frames.every(({ data }) => data.length === bytes)).toBe(true);
    expect(Buffer.concat(read.frames.map(({ data }) => data)).equals(raw)).toBe(true);
  });

  it.each([
    ['I420', 1, 'yuv420p'],
    ['Y3\x0b\x0a', 2, 'yuv420p10le'],
  ])('is read by ffmpeg: %s', async (fourcc, bytes, pixels) => {
    const times = [0, 3003, 3004, 90_000 * 200_000, 2 ** 40];
    const picture = (n: number) => Buffer.alloc((5 * 3 + 2 * 3 * 2) * bytes, n);
    const parts = times.flatMap((pts, n) => [nutFrameHeader(pts, picture(n).length), picture(n)]);
    const given = Buffer.concat([nutHeader({ ...STREAM, fourcc, width: 5, height: 3 }), ...parts]);
    const reading = ['-copyts', '-f', 'nut', '-i', 'pipe:3', '-vsync', 'passthrough', '-enc_time_base', '1:90000'];
    const printed = (await written([...reading, '-c:v', 'rawvideo', '-f', 'framemd5'], given)).toString();
    const lines = printed.split('\n').filter((line) => /^0,/.test(line));
    expect(lines.map((line) => Number(line.split(',')[2]))).toEqual(times);
    expect(printed).toContain('#dimensions 0: 5x3');
    const raw = await written(
      ['-f', 'nut', '-i', 'pipe:3', '-vsync', 'passthrough', '-pix_fmt', pixels, '-f', 'rawvideo'],
      given,
    );
    expect(raw.equals(Buffer.concat(times.map((_, n) => picture(n))))).toBe(true);
  });

  it('that ends in the middle, or is none, is told of', async () => {
    const whole = Buffer.concat([nutHeader(STREAM), nutFrameHeader(3, 6), Buffer.alloc(6)]);
    await expect(framesIn(whole.subarray(0, -1))).rejects.toThrow('What ffmpeg writes ends within a picture');
    await expect(framesIn(Buffer.alloc(100))).rejects.toThrow('What ffmpeg writes is no NUT');
    expect((await framesIn(Buffer.alloc(0))).frames).toEqual([]);
  });
});
