import { describe, expect, it } from 'vitest';
import { songLine } from '../../../functions/ui/page/gather/song-line.ts';
import type { MusicAnalysis } from '../../../shared/analysis.ts';

const song = (values: number[]): MusicAnalysis => ({
  kind: 'music',
  durationSeconds: 10,
  tempo: 120,
  beats: [
    { time: 0, downbeat: true, confidence: 1 },
    { time: 0.5, downbeat: false, confidence: 1 },
    { time: 5, downbeat: true, confidence: 1 },
  ],
  sections: [
    { start: 0, end: 4, label: 'intro', energy: 0.2 },
    { start: 4, end: 10, label: 'drop', energy: 1 },
  ],
  energy: { hopSeconds: 1, values },
  loudnessLufs: -14,
});

describe('the line of a song', () => {
  it('has its bars and sections where they are', () => {
    const line = songLine(song([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]));
    expect(line.downbeats).toEqual([0, 0.5]);
    expect(line.sections).toEqual([
      { label: 'intro', start: 0, width: 0.4 },
      { label: 'drop', start: 0.4, width: 0.6 },
    ]);
  });

  it('is drawn within its box, silence too', () => {
    for (const values of [[0, 0, 0], [], [0.2, 1, 0.4]]) {
      const numbers =
        songLine(song(values))
          .outline.match(/[\d.]+/g)
          ?.map(Number) ?? [];
      expect(numbers.length).toBeGreaterThan(100);
      expect(numbers.every((number) => number >= 0 && number <= 1000)).toBe(true);
    }
  });
});
