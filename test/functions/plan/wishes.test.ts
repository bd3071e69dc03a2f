import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { footage, planInputs, song, variedClips, wholeSong } from './analyses.ts';
import { repeatedMoments } from './timeline-facts.ts';

const clips = variedClips(20);
const keyOf = (clip: number) => planInputs({ clips, music: wholeSong() }).clips[clip]?.ref.key ?? '';
const uses = (timeline: Timeline, key: string) =>
  timeline.cuts.filter(({ source }) => timeline.sources[source]?.key === key);
const FPS = 25;

describe('a clip that must be seen', () => {
  // Ten seconds hold a few cuts of this style; most clips aren't in it by themselves.
  const short = (wishes: Record<string, object>) =>
    planTimeline(planInputs({ clips, music: song({ seconds: 10 }), style: 'hitchcock', wishes }));
  const plain = short({});
  const absent = clips.map((_, i) => i).filter((i) => uses(plain, keyOf(i)).length === 0);

  it('is seen, where it would not have been', () => {
    expect(absent.length).toBeGreaterThan(5);
    for (const clip of absent.slice(0, 4)) {
      const timeline = short({ [keyOf(clip)]: { use: 'must' } });
      expect(uses(timeline, keyOf(clip)).length).toBeGreaterThan(0);
      expect(timeline.cuts.length).toBe(plain.cuts.length);
    }
  });

  it('says that it was wished for, where it is seen once', () => {
    const key = keyOf(absent[0] ?? 0);
    const [cut] = uses(short({ [key]: { use: 'must' } }), key);
    expect(cut?.reason).toMatch(/; you want clip\d\d\.mp4 to be seen$/);
  });

  it('has a cut split for it where there are more of them than cuts, and the rest keeps to the beat', () => {
    const musts = absent.slice(0, plain.cuts.length + 2);
    const timeline = short(Object.fromEntries(musts.map((clip) => [keyOf(clip), { use: 'must' }])));
    expect(musts.filter((clip) => uses(timeline, keyOf(clip)).length === 0)).toEqual([]);
    expect(timeline.cuts.length).toBeGreaterThan(plain.cuts.length);
    expect(timeline.notes).toEqual(plain.notes);
    expect(timeline.cuts.every(({ beat }) => (beat?.errorFrames ?? 0) <= 0.5)).toBe(true);
  });

  it('is seen even if it is shorter than every cut of the style', () => {
    const withGlimpse = [...variedClips(6, 30), footage([{ seconds: 0.6 }])];
    const of = (wishes: Record<string, object>) =>
      planTimeline(planInputs({ clips: withGlimpse, music: wholeSong(), style: 'minimalist', wishes }));
    const key = planInputs({ clips: withGlimpse, music: wholeSong() }).clips[6]?.ref.key ?? '';
    expect(uses(of({}), key)).toEqual([]);
    expect(uses(of({ [key]: { use: 'must' } }), key).length).toBe(1);
  });

  it('is named where nothing could be done for it', () => {
    const key = 'holiday/no-such.mp4';
    expect(short({ [key]: { use: 'must' } }).notes).toContainEqual(expect.stringContaining('holiday/no-such.mp4'));
  });
});

describe('the only stretch of a clip that may be shown', () => {
  const stretched = (seed: number, fromSeconds: number, toSeconds: number) =>
    planTimeline(
      planInputs({ clips, music: wholeSong(), seed, wishes: { [keyOf(3)]: { use: 'must', fromSeconds, toSeconds } } }),
    );

  it('is all that is shown of it, dissolves, next best moments and room to move in included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 9, noNaN: true }), (seed, from) => {
        const timeline = stretched(seed, from, from + 2.5);
        const within = (first: number, end: number) =>
          first >= Math.floor(from * FPS) && end <= Math.ceil((from + 2.5) * FPS);
        for (const cut of uses(timeline, keyOf(3))) {
          expect(within(cut.sourceFrame, cut.sourceFrame + cut.sourceFrames)).toBe(true);
          expect(within(cut.room?.from ?? -1, cut.room?.to ?? -1)).toBe(true);
        }
        const file = timeline.sources[3]?.file;
        const others = timeline.cuts.flatMap(({ alternatives }) => alternatives.filter((other) => other.file === file));
        expect(others.every(({ room }) => room && within(room.from, room.to))).toBe(true);
        expect(repeatedMoments(timeline)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('leaves all of the clip out, by name, where nothing of it can be seen', () => {
    const timeline = stretched(1, 40, 42);
    expect(uses(timeline, keyOf(3))).toEqual([]);
    expect(timeline.rejected).toEqual([
      { file: 'clip03.mp4', reason: expect.stringContaining('between 40 s and 42 s') },
    ]);
  });

  it('refuses by name where no clip is left', () => {
    const only = clips.slice(0, 1);
    const { clips: named } = planInputs({ clips: only, music: wholeSong() });
    const wishes = { [named[0]?.ref.key ?? '']: { fromSeconds: 100 } };
    expect(() => planTimeline(planInputs({ clips: only, music: wholeSong(), wishes }))).toThrow(/from 100 s on/);
  });
});
