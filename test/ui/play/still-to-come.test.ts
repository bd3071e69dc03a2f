import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { stillToCome } from '../../../functions/ui/page/play/still-to-come.ts';
import { english } from '../../../functions/ui/page/words/english.ts';
import { german } from '../../../functions/ui/page/words/german.ts';
import type { Cut, Timeline } from '../../../shared/timeline.ts';
import { planInputs, variedClips, wholeSong } from '../../functions/plan/analyses.ts';

const planned = planTimeline(planInputs({ clips: variedClips(3), music: wholeSong(16) }));
const plain = { look: 'none', intensity: 0, vignette: 0, grain: 0, sharpen: 0 } as const;
const [first, second] = planned.cuts as [Cut, Cut];
const timeline: Timeline = {
  ...planned,
  frames: first.frames + second.frames,
  cuts: [first, second].map((cut) => ({ ...cut, grade: plain, transition: null })),
};
const all = new Set([0, 1]);
const none = new Set<number>();
const changed = (index: number, change: Partial<Cut>): Timeline => ({
  ...timeline,
  cuts: timeline.cuts.map((cut, i) => (i === index ? { ...cut, ...change } : cut)),
});

describe('what is still to come of a montage that isn’t rendered', () => {
  it('is nothing where the clips are shown as they are', () => {
    expect(stillToCome(timeline, none)).toEqual([]);
  });

  it('is a look, until the cuts that have one are rendered', () => {
    for (const grade of [
      { look: 'noir', intensity: 0.5 },
      { vignette: 0.2 },
      { grain: 0.1 },
      { sharpen: 1 },
    ] as const) {
      const graded = changed(1, { grade: { ...plain, ...grade } });
      expect(stillToCome(graded, none)).toEqual(['look']);
      expect(stillToCome(graded, new Set([1]))).toEqual([]);
    }
  });

  it('is a whip pan, until both its sides are rendered', () => {
    const whipped = changed(1, { transition: { kind: 'whip_pan', inFrames: 3, outFrames: 3 } });
    expect([none, new Set([1]), all].map((solid) => stillToCome(whipped, solid))).toEqual([
      ['whip pans'],
      ['whip pans'],
      [],
    ]);
  });

  it('is the fill beside a picture of another shape, but not what is cut off a similar one', () => {
    const shaped = (width: number, height: number) => ({
      ...timeline,
      sources: timeline.sources.map((source) => ({ ...source, width, height })),
    });
    expect(stillToCome(shaped(1080, 1920), none)).toEqual(['filled edges']);
    expect(stillToCome(shaped(1440, 1080), none)).toEqual([]);
  });

  it('is the clips’ own sound, until all is finished', () => {
    const heard = {
      ...timeline,
      style: { ...timeline.style, sound: { ...timeline.style.sound, sourceAudio: 'ambient' } },
    };
    expect(stillToCome(heard as Timeline, all)).toEqual(['clip sound']);
  });

  it('has words in every language', () => {
    const every = ['look', 'whip pans', 'filled edges', 'clip sound'] as const;
    for (const words of [english, german]) expect(words.stillToCome(every)).not.toContain('undefined');
  });
});
