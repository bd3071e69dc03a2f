import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../../shared/timeline.ts';
import { footage, song } from './analyses.ts';
import { clips, plan, RATE, shotsOf } from './plain-style.ts';
import { lengths, mean, repeatedMoments } from './timeline-facts.ts';

const meanLength = (timeline: Timeline) => mean(lengths(timeline));
describe('shots', () => {
  it.each([
    ['wide', 'spread'],
    ['action', 'motion'],
    ['symmetry', 'symmetry'],
  ] as const)('%s: weighs shots by their %s', (field, measure) => {
    const of = (weight: number) => mean(shotsOf(plan({ [`shots.${field}`]: weight })).map((shot) => shot[measure]));
    expect(of(3)).toBeGreaterThan(of(0) + 0.1);
  });

  it('freshness: spreads the cuts over clips', () => {
    const most = (freshness: number) => {
      const timeline = plan({ 'shots.freshness': freshness, 'shots.action': 3, 'pacing.speed': 'very_fast' });
      const uses = clips.map((_, i) => timeline.cuts.filter(({ source }) => source === i).length);
      return Math.max(...uses) - Math.min(...uses);
    };
    expect(most(3)).toBeLessThan(most(0));
  });

  it('continuity: neighbours are alike in colour', () => {
    const distance = (continuity: number) => {
      const colours = shotsOf(plan({ 'shots.continuity': continuity })).map(({ colour }) => colour);
      return mean(colours.slice(1).map((colour, i) => Math.hypot(...colour.map((v, k) => v - (colours[i]?.[k] ?? 0)))));
    };
    expect(distance(3)).toBeLessThan(0.8 * distance(0));
  });

  it('matchCuts: neighbours are alike in motion', () => {
    const distance = (matchCuts: number) => {
      const motions = shotsOf(plan({ 'shots.matchCuts': matchCuts })).map(({ motion }) => motion);
      return mean(motions.slice(1).map((motion, i) => Math.abs(motion - (motions[i] ?? 0))));
    };
    expect(distance(3)).toBeLessThan(0.7 * distance(0));
  });

  it('variety: cuts of one clip are kept apart', () => {
    const nearest = (variety: string) => {
      const { cuts } = plan({ 'shots.variety': variety, 'shots.action': 2, 'pacing.speed': 'very_fast' });
      return cuts.filter((cut, i) => cuts.slice(Math.max(0, i - 5), i).some(({ source }) => source === cut.source))
        .length;
    };
    expect(nearest('maximum')).toBeLessThan(nearest('minimal'));
    expect(nearest('high')).toBeLessThan(nearest('minimal'));
  });

  it('minClipSeconds and maxClipSeconds: no cut is shorter or longer', () => {
    const short = lengths(plan({ 'pacing.speed': 'very_fast', 'shots.minClipSeconds': 1.9 }));
    expect(Math.min(...short)).toBeGreaterThanOrEqual(1.88);
    expect(meanLength(plan({ 'pacing.speed': 'very_fast' }))).toBeLessThan(1);
    const long = lengths(plan({ 'pacing.speed': 'slow', 'pacing.introBeats': 16, 'shots.maxClipSeconds': 2.6 }));
    expect(Math.max(...long)).toBeLessThanOrEqual(2.62);
  });

  it('maxReuse: no shot gives more cuts', () => {
    const most = (maxReuse: number) => {
      const timeline = plan({ 'shots.maxReuse': maxReuse, 'shots.action': 3, 'pacing.speed': 'very_fast' });
      const uses = new Map<object, number>();
      for (const shot of shotsOf(timeline)) uses.set(shot, (uses.get(shot) ?? 0) + 1);
      return Math.max(...uses.values());
    };
    expect(most(2)).toBeLessThanOrEqual(2);
    expect(most(100)).toBeGreaterThan(2);
  });
});

describe('transitions', () => {
  const kinds = (timeline: Timeline) => timeline.cuts.map(({ transition }) => transition?.kind ?? 'cut');

  it('type and seconds: crossfades of that length with handles that nothing else shows', () => {
    const timeline = plan({ 'transitions.type': 'crossfade', 'transitions.seconds': 0.8 });
    const [, ...rest] = timeline.cuts;
    for (const { transition } of rest) {
      expect(transition?.kind).toBe('crossfade');
      expect((transition?.inFrames ?? 0) + (transition?.outFrames ?? 0)).toBe(20);
    }
    expect(timeline.cuts[0]?.transition).toBeNull();
    expect(repeatedMoments(timeline)).toEqual([]);
    const longer = plan({ 'transitions.type': 'crossfade', 'transitions.seconds': 1 });
    expect((longer.cuts[3]?.transition?.inFrames ?? 0) * 2).toBeGreaterThanOrEqual(24);
    expect(kinds(plan({})).every((kind) => kind === 'cut')).toBe(true);
  });

  it('type energy_aware: dissolves where it is calm, cuts where it is loud; mixed: both anywhere', () => {
    const music = song({
      seconds: 64,
      sections: [
        ['verse', 1, 0.2],
        ['verse', 1, 0.9],
      ],
    });
    const timeline = plan({ 'transitions.type': 'energy_aware', 'transitions.seconds': 0.5 }, music);
    for (const { frame, transition } of timeline.cuts.slice(1)) {
      if (frame < 31 * RATE) expect(transition?.kind).toBe('crossfade');
      if (frame > 33 * RATE) expect(transition).toBeNull();
    }
    const mixed = kinds(plan({ 'transitions.type': 'mixed', 'transitions.seconds': 0.5 }, music));
    expect(new Set(mixed)).toEqual(new Set(['cut', 'crossfade']));
  });

  it.each([
    ['dipToBlack', 'dip_to_black'],
    ['flash', 'flash'],
    ['whipPan', 'whip_pan'],
  ])('%s: that share of cuts is a %s', (field, kind) => {
    const timeline = plan({ [`transitions.${field}`]: 0.25 });
    const share = kinds(timeline).filter((one) => one === kind).length / (timeline.cuts.length - 1);
    expect(share).toBeCloseTo(0.25, 1);
  });

  it('leave out crossfades that the clips have no handles for', () => {
    const tight = Array.from({ length: 10 }, () => footage([{ seconds: 4 }]));
    const timeline = plan(
      { 'transitions.type': 'crossfade', 'transitions.seconds': 1, 'pacing.speed': 'slow' },
      song({ seconds: 40 }),
      tight,
    );
    expect(timeline.frames).toBe(1000);
    expect(kinds(timeline).every((kind) => kind === 'cut')).toBe(true);
  });
});

describe('look and sound', () => {
  it.each([
    ['look.grade', 'noir', 'look', 'noir'],
    ['look.intensity', 0.4, 'intensity', 0.4],
    ['look.vignette', 0.6, 'vignette', 0.6],
    ['look.grain', 0.3, 'grain', 0.3],
    ['look.sharpen', 1.5, 'sharpen', 1.5],
  ])('%s shows in the grade of every cut', (path, value, field, expected) => {
    for (const { grade } of plan({ [path]: value }).cuts) expect(grade).toHaveProperty(field, expected);
  });

  it('a sequence of looks runs over the montage in order', () => {
    const looks = plan({ 'look.grade': 'warm,cool,noir' }).cuts.map(({ grade }) => grade.look);
    expect([...new Set(looks)]).toEqual(['warm', 'cool', 'noir']);
    expect(looks.filter((look, i) => i > 0 && look !== looks[i - 1]).length).toBe(2);
  });

  it.each([
    ['sound.sourceAudio', 'dialogue'],
    ['sound.duckDb', 12],
    ['sound.musicGainDb', -6],
    ['sound.targetLufs', -16],
    ['sound.truePeakDb', -2],
  ])('%s goes into the timeline for the mix', (path, value) => {
    expect(plan({ [path]: value }).style).toHaveProperty(path, value);
  });
});
