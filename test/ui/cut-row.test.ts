import { describe, expect, it } from 'vitest';
import { cutAt, rowOf } from '../../functions/ui/page/cut-row.ts';
import type { Report } from '../../shared/report.ts';

const cut = (frame: number): Report['cuts'][number] => ({
  frame,
  time: frame / 25,
  source: 'a.mp4',
  sourceStart: 1,
  sourceEnd: 2,
  reason: 'on the beat',
  beat: null,
});
const output: Report['output'] = {
  width: 640,
  height: 360,
  frameRate: '25/1',
  frames: 100,
  durationSeconds: 4,
  loudness: { integratedLufs: -14, truePeakDb: -1 },
};

describe('the row of cuts', () => {
  const row = rowOf({ cuts: [cut(0), cut(20), cut(75)], output });

  it('is as wide as the cuts are long, and covers the montage', () => {
    expect(row.map(({ width }) => width)).toEqual([0.2, 0.55, 0.25]);
    expect(row.map(({ start, end }) => [start, end])).toEqual([
      [0, 0.8],
      [0.8, 3],
      [3, 4],
    ]);
  });

  it('says which cut is seen at a frame', () => {
    expect([-1, 0, 19, 20, 74, 75, 99, 1000].map((frame) => cutAt(row, frame))).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
    expect(cutAt([], 5)).toBe(0);
  });
});
