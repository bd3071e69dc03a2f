import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { posterFrame, writePoster } from '../../../functions/assemble/poster.ts';
import { ffmpeg } from '../../../shared/media/ffmpeg.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { makeSegment, numbers, timelineOf } from './material.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-poster-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const scored = (timeline: Timeline, scores: readonly number[]): Timeline => ({
  ...timeline,
  cuts: timeline.cuts.map((cut, i) => ({ ...cut, score: scores[i] ?? 0 })),
});

describe('a poster', () => {
  const three = timelineOf({ cuts: [{ frames: 20 }, { frames: 40 }, { frames: 60 }] });

  it('is the middle of the best cut, the longest of several', () => {
    expect(posterFrame(scored(three, [1, 3, 2]))).toBe(40);
    expect(posterFrame(scored(three, [1, 1, 1]))).toBe(90);
  });

  it('is clear of dissolves and dips', () => {
    const dips = { kind: 'dip_to_black', inFrames: 10, outFrames: 12 } as const;
    const between = timelineOf({ cuts: [{ frames: 30 }, { frames: 30, transition: dips }] });
    expect(posterFrame(scored(between, [1, 0]))).toBe(10);
    expect(posterFrame(scored(between, [0, 1]))).toBe(51);
  });

  it.each(['24000/1001', '25/1', '60000/1001'] as const)('shows that very frame, at %s', async (rate) => {
    const name = `film-${rate.replace('/', '-')}`;
    const film = await makeSegment(folder, { name, first: 0, frames: 120, rate });
    for (const [score, frame] of [
      [[0, 0, 0, 1], 100],
      [[1, 0, 0, 0], 0],
      [[0, 0, 1, 0], 41],
    ] as const) {
      const cuts = [{ frames: 1 }, { frames: 20 }, { frames: 40 }, { frames: 78 }];
      const poster = join(folder, `${name}-${frame}.jpg`);
      await writePoster(film, scored(timelineOf({ rate, cuts }), score), poster);
      // Read back as a film of one picture.
      const again = join(folder, `${name}-${frame}.mp4`);
      await ffmpeg(['-v', 'error', '-i', `file:${poster}`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', again], {
        timeLimitSeconds: 20,
      });
      expect(await numbers(again)).toEqual([frame]);
    }
  });
});
