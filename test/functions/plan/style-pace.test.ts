import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../../shared/timeline.ts';
import { song, wholeSong } from './analyses.ts';
import { beats, plan, RATE, shotsOf } from './plain-style.ts';
import { lengths, mean } from './timeline-facts.ts';

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
