import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHORTEST_PART_SECONDS, type Wish, wishesAsked, withEnd } from '../../../functions/ui/page/gather/wishes.ts';
import { JobRequestSchema } from '../../../shared/request.ts';

const nothing: Wish = { must: false, from: null, to: null };

describe('the part of a clip that may be used', () => {
  it('starts and ends where its ends are put', () => {
    const started = withEnd(nothing, 'from', 2, 10);
    expect(started).toEqual({ must: false, from: 2, to: null });
    expect(withEnd(started, 'to', 5.2504, 10)).toEqual({ must: false, from: 2, to: 5.25 });
  });

  it('is the whole clip again where its ends are', () => {
    expect(withEnd({ must: true, from: 2, to: 5 }, 'from', 0, 10)).toEqual({ must: true, from: null, to: 5 });
    expect(withEnd({ must: true, from: 2, to: 5 }, 'to', 10, 10)).toEqual({ must: true, from: 2, to: null });
  });

  it('lies in the clip and is never too short to be seen, wherever its ends are put', () => {
    const durations = fc.double({ min: 0.1, max: 600, noNaN: true });
    const moves = fc.array(fc.tuple(fc.constantFrom('from', 'to'), fc.double({ min: 0, max: 1, noNaN: true })));
    fc.assert(
      fc.property(durations, moves, (duration, all) => {
        let wish = nothing;
        for (const [end, share] of all) wish = withEnd(wish, end as 'from' | 'to', share * duration, duration);
        const [from, to] = [wish.from ?? 0, wish.to ?? duration];
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(duration + 0.001);
        expect(to - from).toBeGreaterThanOrEqual(Math.min(SHORTEST_PART_SECONDS, duration) - 0.002);
      }),
    );
  });
});

describe('wishes of a request', () => {
  it('are those of clips that something is wanted of, as the API takes them', () => {
    const clips = ['a', 'b', 'c'].map((id) => ({ id, key: `summer/${id}.mp4` }));
    const asked = wishesAsked(
      [...clips, { id: 'd', key: null }],
      new Map<string, Wish>([
        ['a', { must: true, from: null, to: null }],
        ['b', { must: false, from: 1, to: 2 }],
        ['c', nothing],
        ['d', { must: true, from: null, to: null }],
      ]),
    );
    expect(asked).toEqual({ 'summer/a.mp4': { use: 'must' }, 'summer/b.mp4': { fromSeconds: 1, toSeconds: 2 } });
    expect(JobRequestSchema.safeParse({ footageSet: 'summer', wishes: asked }).success).toBe(true);
  });
});
