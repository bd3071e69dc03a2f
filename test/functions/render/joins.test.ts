import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinSegments } from '../../../functions/assemble/join.ts';
import { pictureAt } from '../../../functions/render/timing.ts';
import { secondsAt } from '../../../shared/frame-rate.ts';
import { ffmpeg, ffprobe, input } from '../../../shared/media/ffmpeg.ts';
import { counterIn, makeCounter } from '../../media/counter.ts';
import { picturesOf } from '../../media/pixels.ts';
import { pieceOf, rendered, scratchFolder, specOf, UNTOUCHED } from './spec.ts';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let clip: string;
beforeAll(async () => {
  folder = await scratchFolder();
  clip = await makeCounter(folder.path, { name: 'clip.mp4', frames: 120, frameRate: '24/1' });
});
afterAll(() => folder[Symbol.asyncDispose]());

const LIMIT = { timeLimitSeconds: 60 };

describe('segments of a timeline', () => {
  // With B-frames, as the presets of finished montages have them, and without.
  for (const [preset, frameRate] of [
    ['medium', '24/1'],
    ['ultrafast', '30000/1001'],
  ] as const)
    it(`join by copying, every frame in its place (${preset}, ${frameRate})`, async () => {
      const lengths = [1, 2, 17, 5, 30];
      const segments = [];
      const expected: number[] = [];
      for (const [i, frames] of lengths.entries()) {
        const sourceFrame = 70 - 12 * i;
        const grade = i % 2 ? { ...UNTOUCHED, look: 'noir' as const, intensity: 0.4, grain: 0.2 } : UNTOUCHED;
        const spec = specOf(pieceOf(clip, { sourceFrame, frames, grade }), { preset, frameRate });
        segments.push({ path: await rendered(folder.path, spec, `${preset}${i}.mp4`), frames });
        for (let frame = 0; frame < frames; frame++) expected.push(pictureAt(frame, spec.main, '24/1', frameRate));
      }
      const inner = await mkdtemp(join(folder.path, 'join-'));
      const joined = join(inner, 'joined.mp4');
      const picture = await joinSegments(segments, frameRate, inner);
      await ffmpeg(['-v', 'error', '-i', picture, '-c', 'copy', joined], LIMIT);
      expect((await picturesOf(joined)).map((shown) => counterIn(shown))).toEqual(expected);
      const times = ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', ...input(joined)];
      const printed = await ffprobe(times, LIMIT);
      const shown = printed
        .split('\n')
        .map(Number.parseFloat)
        .filter(Number.isFinite)
        .sort((a, b) => a - b);
      expect(shown).toHaveLength(expected.length);
      for (const [frame, seconds] of shown.entries())
        expect(Math.abs(seconds - secondsAt(frame, frameRate))).toBeLessThan(0.001);
    });

  it('have the same headers, whatever they show', async () => {
    const headers = new Set<string>();
    for (const [i, frames] of [1, 40, 9].entries()) {
      const path = await rendered(
        folder.path,
        specOf(pieceOf(clip, { frames, sourceFrame: i * 9 }), { preset: 'medium' }),
      );
      const bytes = await readFile(path);
      // avcC: the sequence and picture parameter sets, as the box holds them.
      const at = bytes.indexOf('avcC');
      headers.add(bytes.subarray(at - 4, at - 4 + bytes.readUInt32BE(at - 4)).toString('hex'));
    }
    expect(headers.size).toBe(1);
  });

  it('are H.264 High, 4:2:0, BT.709 in limited range, of one stream, without anything else in the file', async () => {
    const path = await rendered(folder.path, specOf(pieceOf(clip)));
    const { streams } = JSON.parse(
      await ffprobe(['-v', 'error', '-show_streams', '-of', 'json', ...input(path)], LIMIT),
    );
    expect(streams).toHaveLength(1);
    expect(streams[0]).toMatchObject({
      codec_name: 'h264',
      profile: 'High',
      pix_fmt: 'yuv420p',
      color_range: 'tv',
      color_space: 'bt709',
      color_transfer: 'bt709',
      color_primaries: 'bt709',
      sample_aspect_ratio: '1:1',
      r_frame_rate: '24/1',
      avg_frame_rate: '24/1',
      time_base: '1/24000',
      start_pts: 0,
      nb_frames: '8',
    });
    // A name, so that equal pictures give equal files, but no version and no date.
    expect(JSON.stringify(streams[0].tags)).not.toMatch(/Lav[cf]\d|\d{4}/);
  });

  it('are the same bytes when made twice', async () => {
    const grade = { ...UNTOUCHED, look: 'cinematic' as const, intensity: 1, grain: 0.5, vignette: 0.4, sharpen: 1 };
    const spec = specOf(pieceOf(clip, { frames: 12, grade }), { preset: 'medium', tail: { kind: 'whip', frames: 3 } });
    const digests = [];
    for (const name of ['once.mp4', 'again.mp4'])
      digests.push(
        createHash('sha256')
          .update(await readFile(await rendered(folder.path, spec, name)))
          .digest('hex'),
      );
    expect(digests[1]).toBe(digests[0]);
  });
});
