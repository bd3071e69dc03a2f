import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { applyChange } from '../../../shared/edits/apply.ts';
import { beatFrames } from '../../../shared/edits/beats.ts';
import type { CutChange } from '../../../shared/edits/change.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { segmentHash } from '../../../shared/segment-hash.ts';
import { segmentsOf } from '../../../shared/segments.ts';
import type { Cut, Timeline } from '../../../shared/timeline.ts';
import { planInputs, variedClips, wholeSong } from '../../functions/plan/analyses.ts';
import { readsOutsideShots } from '../../functions/plan/timeline-facts.ts';

const clips = variedClips(20);
const planned = (style: string) => {
  const inputs = planInputs({ clips, music: wholeSong(), style });
  const shots = new Map(inputs.clips.map(({ ref, analysis }) => [ref.key, analysis.shots]));
  return { timeline: planTimeline(inputs), shotsOf: (key: string) => shots.get(key) ?? [] };
};
const { timeline } = planned('dynamic');
const cut = (of: Timeline, index: number) => of.cuts[index] as Cut;
const fileOf = (of: Timeline, index: number) => of.sources[cut(of, index).source]?.file;
/** Cuts that aren't the same any more, by index. */
const changed = (after: Timeline, before = timeline) =>
  after.cuts.flatMap((each, i) => (JSON.stringify(each) === JSON.stringify(before.cuts[i]) ? [] : [i]));
const hashes = (of: Timeline) => segmentsOf(of).map(segmentHash);
/** A cut in the middle with one of these qualities. */
const find = (quality: (each: Cut, i: number) => boolean) => {
  const index = timeline.cuts.findIndex((each, i) => i > 2 && i < timeline.cuts.length - 3 && quality(each, i));
  if (index < 0) throw new Error('the timeline has no such cut');
  return index;
};

describe('swapping a cut for another moment', () => {
  const index = find(({ alternatives }) => alternatives.length === 3);
  const wanted = cut(timeline, index).alternatives[1];
  const after = applyChange(timeline, { kind: 'swap', cut: index, alternative: 1 });

  it('shows that moment in the same place, and leaves all else as it was', () => {
    expect(cut(after, index)).toMatchObject({
      frame: cut(timeline, index).frame,
      frames: cut(timeline, index).frames,
      sourceFrame: wanted?.sourceFrame,
      beat: cut(timeline, index).beat,
    });
    expect(fileOf(after, index)).toBe(wanted?.file);
    const pictures = after.cuts.map(({ alternatives: _, ...rest }) => rest);
    const before = timeline.cuts.map(({ alternatives: _, ...rest }) => rest);
    expect(pictures.toSpliced(index, 1)).toEqual(before.toSpliced(index, 1));
    // Its own segment, and those of cuts that dissolve into or out of it.
    const anew = hashes(after).flatMap((hash, i) => (hashes(timeline).includes(hash) ? [] : [i]));
    expect([[index], [index, index + 1]]).toContainEqual(anew);
  });

  it('offers what was there first, so that it can be swapped back', () => {
    const back = applyChange(after, { kind: 'swap', cut: index, alternative: 0 });
    expect(hashes(back)).toEqual(hashes(timeline));
  });

  it('is refused where there is no such moment or cut', () => {
    expect(() => applyChange(timeline, { kind: 'swap', cut: index, alternative: 3 })).toThrow(
      `Cut ${index + 1} has 3 other moments to choose from, and no number 4`,
    );
    expect(() => applyChange(timeline, { kind: 'swap', cut: 999, alternative: 0 })).toThrow(
      `There is no cut 1000: the montage has ${timeline.cuts.length}`,
    );
  });
});

describe('moving a cut', () => {
  const roomy = find(({ frames, room, sourceFrame, sourceFrames }, i) => {
    const before = cut(timeline, i - 1);
    const longer = before.room && before.room.to - before.room.from > before.sourceFrames + 30;
    return frames > 30 && !!room && sourceFrame + sourceFrames < room.to && !!longer;
  });

  it('by a beat has it start on the next one, and the cut before it last until then', () => {
    const after = applyChange(timeline, { kind: 'move', cut: roomy, by: 1, unit: 'beats' });
    const beats = beatFrames(timeline);
    const next = beats[beats.indexOf(cut(timeline, roomy).frame) + 1];
    expect(cut(after, roomy)).toMatchObject({ frame: next, beat: { errorFrames: expect.any(Number) } });
    expect(cut(after, roomy).frame + cut(after, roomy).frames).toBe(
      cut(timeline, roomy).frame + cut(timeline, roomy).frames,
    );
    expect(changed(after)).toEqual([roomy - 1, roomy]);
    expect(
      applyChange(after, { kind: 'move', cut: roomy, by: -1, unit: 'beats' }).cuts.map(({ frame }) => frame),
    ).toEqual(timeline.cuts.map(({ frame }) => frame));
  });

  it('by a frame takes it off the beat, and says so', () => {
    const after = applyChange(timeline, { kind: 'move', cut: roomy, by: 1, unit: 'frames' });
    expect(cut(after, roomy)).toMatchObject({ frame: cut(timeline, roomy).frame + 1, beat: null });
    expect(cut(after, roomy).reason).toMatch(/^you moved it here; /);
  });

  it.each([
    ['past its end', roomy, 500, /beat there|can't start so late/],
    ['before the cut before it', roomy, -500, /beat there|can't start so early/],
    ['that is the first one', 0, 1, /^The first cut/],
  ])('%s is refused', (_how, index, by, reason) => {
    expect(() => applyChange(timeline, { kind: 'move', cut: index, by, unit: 'beats' })).toThrow(reason);
  });
});

describe('slipping a cut', () => {
  const index = find(({ room, sourceFrame, sourceFrames }) => !!room && sourceFrame + sourceFrames + 3 < room.to);

  it('shows later frames of the same shot in the same place', () => {
    const after = applyChange(timeline, { kind: 'slip', cut: index, frames: 3 });
    expect(cut(after, index)).toEqual({ ...cut(timeline, index), sourceFrame: cut(timeline, index).sourceFrame + 3 });
    expect(changed(after)).toEqual([index]);
  });

  it('goes as far as its shot does, and no further', () => {
    const after = applyChange(timeline, { kind: 'slip', cut: index, frames: 100_000 });
    expect(cut(after, index).sourceFrame + cut(after, index).sourceFrames).toBeLessThanOrEqual(
      cut(timeline, index).room?.to ?? 0,
    );
    expect(() => applyChange(after, { kind: 'slip', cut: index, frames: 1 })).toThrow('holds nothing more after it');
  });
});

describe('taking a cut out', () => {
  it('gives its time to the cuts beside it, and leaves all others on their beats', () => {
    const index = timeline.cuts.findIndex((_, i) => i > 1 && tryTo({ kind: 'remove', cut: i }) !== null);
    const after = tryTo({ kind: 'remove', cut: index }) as Timeline;
    expect(after.cuts.length).toBe(timeline.cuts.length - 1);
    expect(after.frames).toBe(timeline.frames);
    const beside = [index - 1, index, index + 1].map((i) => cut(timeline, i).frame);
    const untouched = (of: Timeline) => of.cuts.map(({ frame }) => frame).filter((frame) => !beside.includes(frame));
    expect(untouched(after).filter((frame) => !untouched(timeline).includes(frame)).length).toBeLessThanOrEqual(1);
    expect(fileOf(after, index)).toBe(fileOf(timeline, index + 1));
  });

  it('is refused where it is the only one', () => {
    const only: Timeline = { ...timeline, cuts: [{ ...cut(timeline, 0), frames: timeline.frames }] };
    expect(() => applyChange(only, { kind: 'remove', cut: 0 })).toThrow('The only cut');
  });
});

describe('locking a cut', () => {
  const index = find(() => true);
  const after = applyChange(timeline, { kind: 'lock', cut: index, locked: true });

  it('changes no pixel', () => {
    expect(hashes(after)).toEqual(hashes(timeline));
  });

  it.each<CutChange>([
    { kind: 'swap', cut: index, alternative: 0 },
    { kind: 'remove', cut: index },
    { kind: 'move', cut: index, by: 1, unit: 'beats' },
    { kind: 'move', cut: index + 1, by: -1, unit: 'beats' },
    { kind: 'slip', cut: index, frames: 1 },
  ])('keeps it from $kind until it is unlocked', (change) => {
    expect(() => applyChange(after, change)).toThrow(`Cut ${index + 1} is locked; unlock it to change it`);
  });

  it('is undone by unlocking', () => {
    expect(applyChange(after, { kind: 'lock', cut: index, locked: false })).toEqual(timeline);
  });
});

function tryTo(change: CutChange, of = timeline): Timeline | null {
  try {
    return applyChange(of, change);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

describe('whatever is changed, in whatever order', () => {
  const change = (cuts: number): fc.Arbitrary<CutChange> => {
    const index = fc.integer({ min: 0, max: cuts - 1 });
    return fc.oneof(
      fc.record({ kind: fc.constant('swap' as const), cut: index, alternative: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant('remove' as const), cut: index }),
      fc.record({ kind: fc.constant('lock' as const), cut: index, locked: fc.boolean() }),
      fc.record({
        kind: fc.constant('move' as const),
        cut: index,
        by: fc.integer({ min: -12, max: 12 }),
        unit: fc.constantFrom('beats' as const, 'frames' as const),
      }),
      fc.record({ kind: fc.constant('slip' as const), cut: index, frames: fc.integer({ min: -60, max: 60 }) }),
    );
  };

  // One with plain cuts, one that dissolves everywhere, one with flashes and whip pans.
  it.each(['dynamic', 'wes_anderson', 'mtv', 'documentary'])(
    'a montage of style %s stays whole, shows nothing outside its shots, and keeps what is locked',
    (style) => {
      const { timeline: start, shotsOf } = planned(style);
      fc.assert(
        fc.property(fc.array(change(start.cuts.length), { minLength: 1, maxLength: 12 }), (changes) => {
          let now = start;
          for (const each of changes) {
            const locked = now.cuts.filter(
              (one) => one.locked && !(each.kind === 'lock' && now.cuts[each.cut] === one),
            );
            now = tryTo(each, now) ?? now;
            // A neighbour may have shortened what leads into it.
            for (const { transition: _, alternatives: __, ...kept } of locked)
              expect(now.cuts).toContainEqual(expect.objectContaining(kept));
          }
          expect(now.frames).toBe(start.frames);
          expect(readsOutsideShots(now, shotsOf)).toEqual([]);
          for (const { frames, sourceFrames } of now.cuts) expect(sourceFrames / frames).toBeGreaterThanOrEqual(0.75);
        }),
        { numRuns: 300, seed: 5 },
      );
    },
  );
});
