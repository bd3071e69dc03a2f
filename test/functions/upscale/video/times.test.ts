import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ffmpeg, input } from '../../../../shared/media/ffmpeg.ts';
import { makeClip } from '../../../media/clip.ts';
import { makeCounter } from '../../../media/counter.ts';
import { scratchFolder } from '../../../media/scratch.ts';
import { upscaled } from './nearest.ts';
import { isReordered, since, streamOf, timesShown, timesWritten } from './shown.ts';

const folder = scratchFolder();
const LIMIT = { timeLimitSeconds: 60 };
const SMALL = { width: 64, height: 48, seconds: 1 };
const WITH_B_FRAMES = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '20', '-bf', '3', '-g', '12'];

/** A film whose pictures are shown at times that follow no rate, to a 90,000th of a second, with B-frames. */
async function makeIrregular(name: string, ...options: string[]): Promise<string> {
  const ticks = 'floor(N*3003+700*sin(N)+mod(N*N\\,7)*131)';
  return makeCounter(folder, {
    name,
    frames: 60,
    frameRate: '30000/1001',
    width: 64,
    height: 48,
    filters: [`settb=1/90000,setpts=${ticks}`],
    coding: ['-enc_time_base', '1:90000', '-video_track_timescale', '90000', ...WITH_B_FRAMES, ...options],
  });
}

describe('every picture is shown when it was', () => {
  for (const frameRate of ['24000/1001', '25/1', '60/1'])
    it(`at a constant ${frameRate}, with B-frames`, async () => {
      const extra = ['-preset', 'medium', '-bf', '3'];
      const { path, frames } = await makeClip(folder, { ...SMALL, name: 'constant.mp4', frameRate, extra });
      expect(await isReordered(path)).toBe(true);
      const out = join(folder, 'constant-large.mp4');
      expect((await upscaled(path, out)).frames).toBe(frames);
      expect(await timesWritten(out)).toEqual(await timesShown(path));
      expect(await timesShown(out)).toEqual(await timesShown(path));
      const [was, is] = [await streamOf(path), await streamOf(out)];
      expect(is.avg_frame_rate).toBe(was.avg_frame_rate);
      // The last picture is shown as long as it was, too.
      expect(Number(is.duration)).toBeCloseTo(Number(was.duration), 6);
    });

  it('at a variable rate, with B-frames', async () => {
    const path = await makeIrregular('irregular.mp4');
    const times = await timesShown(path);
    expect(
      new Set(since(times, times[0] as string).map((time, i, all) => (time - (all[i - 1] ?? 0)).toFixed(5))).size,
    ).toBeGreaterThan(20);
    expect(await isReordered(path)).toBe(true);
    const out = join(folder, 'irregular-large.mp4');
    await upscaled(path, out, { coding: { crf: 20, preset: 'medium' } });
    expect(await isReordered(out)).toBe(true);
    expect(await timesWritten(out)).toEqual(times);
  });

  it('where the camera dropped pictures', async () => {
    const keepFrame = (frame: number) => ![3, 4, 5, 11, 20, 21].includes(frame);
    const { path } = await makeClip(folder, { ...SMALL, name: 'dropped.mp4', frameRate: '30/1', keepFrame });
    const out = join(folder, 'dropped-large.mp4');
    await upscaled(path, out);
    expect(await timesWritten(out)).toEqual(await timesShown(path));
  });

  it('where the picture starts later than the sound', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'late.mp4', pictureDelaySeconds: 0.52 });
    const out = join(folder, 'late-large.mp4');
    await upscaled(path, out);
    expect(await timesWritten(out)).toEqual(await timesShown(path));
    expect((await timesWritten(out))[0]).toBe('13/25');
    expect((await timesWritten(out, 'a'))[0]).toBe((await timesWritten(path, 'a'))[0]);
  });

  it('where all of a file starts late', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'five.mp4', startSeconds: 5 });
    const out = join(folder, 'five-large.mp4');
    await upscaled(path, out);
    expect((await timesShown(path))[0]).toBe('5/1');
    expect(await timesWritten(out)).toEqual(await timesShown(path));
  });

  it('where an edit list leaves out what the decoder needs first', async () => {
    const whole = await makeClip(folder, { ...SMALL, seconds: 3, name: 'whole.mp4', extra: ['-g', '100', '-bf', '2'] });
    const path = join(folder, 'trimmed.mp4');
    await ffmpeg(['-v', 'error', ...input(whole.path, '-ss', '1.24'), '-c', 'copy', path], LIMIT);
    const times = await timesShown(path);
    expect(times.length).toBeLessThan(60);
    const out = join(folder, 'trimmed-large.mp4');
    expect((await upscaled(path, out)).frames).toBe(times.length);
    expect(await timesWritten(out)).toEqual(times);
  });

  it('of a broadcast, whose clock starts anywhere: from its start on, in step with the sound', async () => {
    const path = join(folder, 'broadcast.ts');
    await ffmpeg(
      [
        ...['-v', 'error', ...input(await makeIrregular('for-broadcast.mp4')), '-f', 'lavfi', '-i', 'sine=d=2'],
        ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'mp2', '-output_ts_offset', '1234', path],
      ],
      LIMIT,
    );
    const out = join(folder, 'broadcast-large.mp4');
    await upscaled(path, out);
    const [was, is] = [await timesShown(path), await timesWritten(out)];
    expect(since(is, '0/1')[0]).toBeLessThan(1);
    const apart = since(is, is[0] as string);
    for (const [i, time] of since(was, was[0] as string).entries()) expect(apart[i]).toBeCloseTo(time, 9);
    const [sound] = since(await timesWritten(path, 'a'), was[0] as string);
    // The 2018 ffmpeg says in whole milliseconds when a stream starts later than the others.
    expect(
      Math.abs((sound as number) - (since(await timesWritten(out, 'a'), is[0] as string)[0] as number)),
    ).toBeLessThan(0.001);
  });

  it('on clocks whose ticks are no whole parts of a second', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'ntsc.avi', frameRate: '30000/1001', codec: 'mpeg4' });
    expect((await streamOf(path)).time_base).toBe('1001/30000');
    const out = join(folder, 'ntsc-large.mp4');
    await upscaled(path, out);
    expect(await timesWritten(out)).toEqual(await timesShown(path));
  });

  it('from Matroska exactly, and into it to its own millisecond', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'five.mkv', frameRate: '24000/1001', startSeconds: 5 });
    const [mp4, mkv] = [join(folder, 'mkv-large.mp4'), join(folder, 'mkv-large.mkv')];
    await upscaled(path, mp4);
    await upscaled(path, mkv);
    const times = await timesShown(path);
    expect(await timesWritten(mp4)).toEqual(times);
    expect(await timesWritten(mkv)).toEqual(times);
  });
});
