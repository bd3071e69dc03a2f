import { describe, expect, it } from 'vitest';
import { tellingStretch } from '../../../functions/preview/stretch.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { type CutGiven, timelineOf } from '../assemble/material.ts';

/** At 25 frames a second: cuts of these lengths, each from a source of its own, and a drop at a frame. */
const timeline = (lengths: readonly (number | CutGiven)[], drop: number | null): Timeline => ({
  ...timelineOf({
    cuts: lengths.map((given, source) => ({ source, ...(typeof given === 'number' ? { frames: given } : given) })),
    sources: lengths.map(() => ({})),
  }),
  markers: drop === null ? [] : [{ frame: drop, label: 'drop' }],
});
const shown = ({ cuts }: Timeline) => cuts.map(({ source, frames, sourceFrame }) => [source, frames, sourceFrame]);
const beats = (count: number) => Array.from({ length: count }, () => 20);

describe('the stretch of a timeline that tells most of its style', () => {
  it.each<[string, (number | CutGiven)[], number | null, number[][]]>([
    [
      'is four seconds before the drop and after it',
      [200, 100, 100, 200],
      300,
      [
        [1, 100, 0],
        [2, 100, 0],
      ],
    ],
    [
      'begins and ends within a cut where no other is near',
      [300, 300],
      300,
      [
        [0, 100, 200],
        [1, 100, 0],
      ],
    ],
    [
      'begins with the next cut where one is near',
      [210, 90, 200],
      300,
      [
        [1, 90, 0],
        [2, 100, 0],
      ],
    ],
    ['ends with the last cut where one is near', [200, 180, 220], 300, [[1, 180, 0]]],
    [
      'is the middle of a song without a drop',
      [200, 100, 100, 200],
      null,
      [
        [1, 100, 0],
        [2, 100, 0],
      ],
    ],
    [
      'is all of a short montage',
      [60, 60],
      null,
      [
        [0, 60, 0],
        [1, 60, 0],
      ],
    ],
    [
      'keeps to the end of the montage',
      [100, 100, 40],
      220,
      [
        [1, 80, 20],
        [2, 40, 0],
      ],
    ],
    [
      'plays what is slow as slowly',
      [{ frames: 300, sourceFrames: 240 }, 300],
      300,
      [
        [0, 100, 160],
        [1, 100, 0],
      ],
    ],
  ])('%s', (_name, lengths, drop, cuts) => {
    expect(shown(tellingStretch(timeline(lengths, drop)))).toEqual(cuts);
  });

  it('is a whole timeline, without a dissolve into its first cut', () => {
    const dissolve = { kind: 'crossfade', inFrames: 10, outFrames: 10 } as const;
    const faded = beats(30).map((frames): CutGiven => ({ frames, sourceFrame: 30, transition: dissolve }));
    const { cuts, frames } = tellingStretch(timeline([20, ...faded.slice(1)], 300));
    expect(frames).toBe(cuts.reduce((sum, cut) => sum + cut.frames, 0));
    expect(cuts[0]?.transition).toBeNull();
    expect(cuts[5]?.transition).toEqual(dissolve);
  });
});
