import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import type { StyleOverrides } from '../../../shared/styles/overrides.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { footage, planInputs, song, variedClips, wholeSong } from './analyses.ts';
import { lengths, mean, repeatedMoments } from './timeline-facts.ts';

const RATE = 25;
/** Beats of the test songs at 120 a minute. */
const beats = (seconds: number) => seconds * 2;
const clips = variedClips(24, 40);
const level = song({ seconds: 64 });

/** A style without taste: whatever a test then sets is the only thing that moves the plan. */
const PLAIN: StyleOverrides = {
  'pacing.speed': 'medium',
  'pacing.beatsPerCut': null,
  'pacing.variation': 'minimal',
  'pacing.introBeats': 0,
  'pacing.outroBeats': 0,
  'pacing.climax': 0,
  'pacing.energyGain': 0,
  'pacing.syncToBeats': true,
  arc: 'constant',
  'shots.wide': 0,
  'shots.action': 0,
  'shots.symmetry': 0,
  'shots.freshness': 0,
  'shots.continuity': 0,
  'shots.matchCuts': 0,
  'shots.variety': 'minimal',
  'shots.minClipSeconds': 0.1,
  'shots.maxClipSeconds': 60,
  'shots.maxReuse': 100,
  'transitions.type': 'cut',
  'transitions.seconds': 0,
};

function plan(set: StyleOverrides, music = level, given = clips): Timeline {
  return planTimeline(planInputs({ clips: given, music, style: 'preview', set: { ...PLAIN, ...set } }));
}

/** The shot of its clip that each cut is of. */
function shotsOf(timeline: Timeline, given = clips) {
  return timeline.cuts.map((cut) => {
    const at = (cut.sourceFrame + cut.sourceFrames / 2) / RATE;
    const shots = given[cut.source]?.shots ?? [];
    const shot = shots.find(({ endSeconds }) => endSeconds > at) ?? shots.at(-1);
    if (!shot) throw new Error('a cut from outside all shots');
    return shot;
  });
}

const meanLength = (timeline: Timeline) => mean(lengths(timeline));
const halves = (timeline: Timeline) => {
  const inHalf = (first: boolean) =>
    timeline.cuts.filter(({ frame }) => frame < timeline.frames / 2 === first).map(({ frames }) => frames / RATE);
  return { first: mean(inHalf(true)), second: mean(inHalf(false)) };
};

describe('pacing', () => {
  it('speed: each step faster cuts shorter, at its beats a cut', () => {
    const medians = (['very_slow', 'slow', 'medium', 'fast', 'very_fast', 'extreme'] as const).map((speed) => {
      const all = lengths(plan({ 'pacing.speed': speed })).sort((a, b) => a - b);
      return beats(all[all.length >> 1] ?? 0);
    });
    expect([...medians].sort((a, b) => b - a)).toEqual(medians);
    expect(new Set(medians).size).toBeGreaterThanOrEqual(5);
    expect(medians[1]).toBeCloseTo(8, 0);
    expect(medians[2]).toBeCloseTo(4, 0);
    expect(medians[3]).toBeCloseTo(2, 0);
    expect(medians[5]).toBeLessThanOrEqual(1.04);
  });

  it('speed dynamic: follows the sections', () => {
    const timeline = plan({ 'pacing.speed': 'dynamic' }, wholeSong());
    const inSection = (label: string) => {
      const i = timeline.markers.findIndex((marker) => marker.label === label);
      const [from, to] = [timeline.markers[i]?.frame ?? 0, timeline.markers[i + 1]?.frame ?? timeline.frames];
      return timeline.cuts.filter(({ frame }) => frame >= from && frame < to).map(({ frames }) => beats(frames / RATE));
    };
    expect(mean(inSection('intro'))).toBeGreaterThanOrEqual(7.9);
    expect(mean(inSection('verse'))).toBeGreaterThanOrEqual(3.9);
    expect(mean(inSection('drop'))).toBeLessThanOrEqual(2.1);
    expect(mean(inSection('outro'))).toBeGreaterThanOrEqual(7.9);
    const build = inSection('build');
    expect(build[0]).toBeGreaterThan(2 * (build.at(-1) ?? 0));
  });

  it('beatsPerCut: no cut is shorter or longer', () => {
    const all = lengths(plan({ 'pacing.beatsPerCut': '{"min":3,"max":6}', 'pacing.variation': 'chaotic' })).map(beats);
    for (const length of all) {
      expect(length).toBeGreaterThan(2.9);
      expect(length).toBeLessThan(6.1);
    }
    expect(
      lengths(plan({ 'pacing.beatsPerCut': '{"min":12,"max":16}' }))
        .map(beats)
        .every((length) => length > 11.9),
    ).toBe(true);
  });

  it('variation: more of it spreads lengths wider', () => {
    const spread = (variation: string) => {
      const octaves = lengths(plan({ 'pacing.variation': variation })).map(Math.log2);
      return Math.sqrt(mean(octaves.map((value) => (value - mean(octaves)) ** 2)));
    };
    expect(spread('minimal')).toBeLessThan(0.2);
    expect(spread('moderate')).toBeGreaterThan(spread('minimal'));
    expect(spread('high')).toBeGreaterThan(spread('moderate'));
    expect(spread('chaotic')).toBeGreaterThan(spread('moderate'));
    expect(spread('fibonacci')).toBeGreaterThan(spread('moderate'));
  });

  it('variation ramp_up: cuts come faster and faster; crescendo: within each phrase', () => {
    const ramp = halves(plan({ 'pacing.variation': 'ramp_up' }));
    expect(ramp.first).toBeGreaterThan(1.5 * ramp.second);
    const crescendo = plan({ 'pacing.variation': 'crescendo' }).cuts;
    const inPhrase = (from: number, to: number) =>
      mean(
        crescendo
          .filter(({ frame }) => beats(frame / RATE) % 16 >= from && beats(frame / RATE) % 16 < to)
          .map(({ frames }) => frames),
      );
    expect(inPhrase(0, 6)).toBeGreaterThan(1.3 * inPhrase(10, 16));
  });

  it.each(['moderate', 'high', 'fibonacci', 'ramp_up', 'crescendo', 'chaotic'])(
    'variation %s: never three equal lengths in a row',
    (variation) => {
      const all = lengths(plan({ 'pacing.variation': variation, 'pacing.speed': 'fast' })).map((seconds) =>
        Math.round(beats(seconds)),
      );
      expect(all.filter((length, i) => i > 1 && length === all[i - 1] && length === all[i - 2])).toEqual([]);
    },
  );

  it('introBeats and outroBeats: the first and the last shot are held', () => {
    const plain = plan({});
    const held = plan({ 'pacing.introBeats': 12, 'pacing.outroBeats': 14 });
    expect(held.cuts[0]?.frames).toBe(6 * RATE);
    expect(held.cuts.at(-1)?.frames).toBe(7 * RATE);
    expect(plain.cuts[0]?.frames).toBeLessThan(4 * RATE);
    expect(plain.cuts.at(-1)?.frames).toBeLessThan(4 * RATE);
  });

  it('climax: the peak of the arc cuts faster', () => {
    const arc = '[[0,0.4],[0.5,0.4],[0.75,0.6],[1,0.4]]';
    const atPeak = (climax: number) =>
      mean(
        plan({ arc, 'pacing.climax': climax })
          .cuts.filter(({ frame }) => frame > 0.65 * 64 * RATE && frame < 0.85 * 64 * RATE)
          .map(({ frames }) => frames),
      );
    expect(atPeak(1.3)).toBeLessThan(0.75 * atPeak(0));
  });

  it('energyGain: loud parts cut faster than quiet ones', () => {
    const music = song({
      seconds: 64,
      sections: [
        ['verse', 1, 0.2],
        ['verse', 1, 0.9],
      ],
    });
    const ratio = (gain: number) => {
      const { first, second } = halves(plan({ 'pacing.energyGain': gain }, music));
      return first / second;
    };
    expect(ratio(0)).toBeCloseTo(1, 0);
    expect(ratio(1.5)).toBeGreaterThan(1.4);
    expect(ratio(3)).toBeGreaterThan(ratio(0) * 1.8);
  });

  it('syncToBeats: false lets cuts fall where the music breathes', () => {
    expect(plan({}).cuts.every(({ beat }) => beat !== null)).toBe(true);
    const free = plan({ 'pacing.syncToBeats': false }).cuts.slice(1);
    expect(free.filter(({ beat }) => beat === null).length).toBeGreaterThan(free.length / 2);
    // Still near a beat: within half of one.
    for (const { frame } of free)
      expect(Math.abs(beats(frame / RATE) - Math.round(beats(frame / RATE)))).toBeLessThan(0.51);
  });
});

describe('arc', () => {
  it('tension quickens the cuts', () => {
    const rising = halves(plan({ arc: '[[0,0],[1,1]]' }));
    expect(rising.first).toBeGreaterThan(1.5 * rising.second);
    const falling = halves(plan({ arc: '[[0,1],[1,0]]' }));
    expect(falling.second).toBeGreaterThan(1.5 * falling.first);
  });

  it('tension wants lively shots, calm ones where there is none', () => {
    const timeline = plan({ arc: '[[0,0],[1,1]]' });
    const motion = shotsOf(timeline).map((shot) => shot.motion);
    const half = timeline.cuts.findIndex(({ frame }) => frame >= timeline.frames / 2);
    expect(mean(motion.slice(half))).toBeGreaterThan(mean(motion.slice(0, half)) + 0.15);
  });

  it('leads a dynamic style: long shots in a drop without tension, short ones in an outro at the climax', () => {
    const inDrop = halves(
      plan({ 'pacing.speed': 'dynamic', arc: 'slow_burn' }, song({ seconds: 64, sections: [['drop', 1, 0.9]] })),
    );
    expect(beats(inDrop.first)).toBeGreaterThan(4);
    expect(beats(inDrop.second)).toBeLessThan(2.5);
    const outro = song({ seconds: 64, sections: [['outro', 1, 0.6]] });
    const { cuts } = plan({ 'pacing.speed': 'dynamic', 'pacing.climax': 0.9, arc: 'slow_burn' }, outro);
    const between = (from: number, to: number) =>
      mean(cuts.filter(({ frame }) => frame >= from * 64 * RATE && frame < to * 64 * RATE).map(({ frames }) => frames));
    expect(between(0, 0.5)).toBeGreaterThan(4 * between(0.82, 0.88));
  });

  it('presets differ from one another', () => {
    const presets = [
      'hero_journey',
      'three_act',
      'slow_burn',
      'documentary',
      'mtv_energy',
      'fichtean_curve',
      'linear_build',
    ];
    const all = [...presets, 'constant'].map((arc) => JSON.stringify(plan({ arc }).cuts.map(({ frame }) => frame)));
    expect(new Set(all).size).toBe(8);
  });
});

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
