import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { USUAL } from '../../../functions/ui/page/choose/order.ts';
import { newOrderOf, orderedAs, taken, takenUp } from '../../../functions/ui/page/choose/ordered.ts';
import { ChangeSchema } from '../../../shared/edits/change.ts';
import { builtInStyles } from '../../../shared/styles/built-in.ts';
import { withOverrides } from '../../../shared/styles/overrides.ts';
import { planInputs, variedClips, wholeSong } from '../../functions/plan/analyses.ts';

const styles = builtInStyles();
const timeline = planTimeline(planInputs({ clips: variedClips(3), music: wholeSong(16), style: 'mtv' }));
const was = orderedAs(timeline, [], 1, styles);

describe('what a montage was ordered as', () => {
  it('is what its timeline shows of it', () => {
    expect(was).toEqual({ ...USUAL, style: 'mtv', format: 'landscape', quality: timeline.quality });
    const shape = (width: number, height: number) => orderedAs({ ...timeline, width, height }, [], 1, styles).format;
    expect([shape(1080, 1920), shape(1080, 1080), shape(1440, 1080)]).toEqual(['vertical', 'square', 'source']);
    const song = { ...timeline.music, durationSeconds: 200 };
    expect(orderedAs({ ...timeline, frames: 2250, frameRate: '25/1', music: song }, [], 1, styles).length).toBe('1:30');
    const set = { 'pacing.speed': 'slow', 'sound.duckDb': 3 };
    const tuned = { ...timeline, style: withOverrides(timeline.style, set) };
    expect([orderedAs(tuned, [], 1, styles).set, orderedAs(tuned, [], 1, []).set]).toEqual([set, {}]);
    expect(orderedAs({ ...timeline, seed: 7, title: 'Hi' }, [], 1, styles)).toMatchObject({ seed: '7', title: 'Hi' });
  });

  it('is what was ordered on the way to it too', () => {
    const replan = (order: object) => ChangeSchema.parse({ kind: 'replan', order });
    const revisions = [
      { revision: 1, from: null, changes: [] },
      { revision: 2, from: 1, changes: [replan({ durationSeconds: 90, format: 'source' })] },
      { revision: 3, from: 2, changes: [replan({ durationSeconds: 12.5 })] },
      { revision: 4, from: 1, changes: [] },
    ];
    const at = (revision: number) => {
      const { length, format } = orderedAs(timeline, revisions, revision, styles);
      return [length, format];
    };
    expect([1, 2, 3, 4].map(at)).toEqual([
      ['', 'landscape'],
      ['1:30', 'source'],
      ['12.5', 'source'],
      ['', 'landscape'],
    ]);
  });
});

describe('what has to be ordered another way', () => {
  it('is nothing while all is chosen as it is, or left to the clips and the song', () => {
    expect(newOrderOf(was, was)).toBeNull();
    expect(newOrderOf({ ...was, format: null, length: '' }, { ...was, length: '1:30' })).toBeNull();
    expect(newOrderOf({ ...was, title: ' ', seed: ' ' }, was)).toBeNull();
  });

  it('is each field that differs, as the API takes it', () => {
    const chosen = {
      style: 'hitchcock',
      set: { 'pacing.speed': 'fast' },
      format: 'square',
      length: '0:30',
      quality: 'high',
      title: 'Hi',
      seed: '9',
    } as const;
    const order = newOrderOf(chosen, was);
    expect(order).toEqual({
      ...{
        style: 'hitchcock',
        set: { 'pacing.speed': 'fast' },
        format: 'square',
        durationSeconds: 30,
        quality: 'high',
        title: 'Hi',
        seed: 9,
      },
    });
    expect(ChangeSchema.safeParse({ kind: 'replan', order }).success).toBe(true);
    expect(newOrderOf({ ...was, seed: '' }, { ...was, seed: '9' })).toEqual({ seed: 1 });
    expect(newOrderOf({ ...was, title: '' }, { ...was, title: 'Hi' })).toEqual({ title: '' });
  });

  it('is what of the style is set another way, and that nothing is any more', () => {
    const set = { 'look.grain': 0.5 };
    expect(newOrderOf({ ...was, set }, was)).toEqual({ set });
    expect(newOrderOf({ ...was, set: { ...set } }, { ...was, set })).toBeNull();
    expect(newOrderOf(was, { ...was, set })).toEqual({ set: {} });
    expect(newOrderOf({ ...was, style: 'vlog' }, { ...was, set })).toEqual({ style: 'vlog', set: {} });
  });

  it('is nothing while a field can’t be read', () => {
    expect(newOrderOf({ ...was, style: 'vlog', length: 'long' }, was)).toBeNull();
  });
});

describe('the fields of a montage that is looked at', () => {
  it('show how it was ordered, and keep what was chosen since', () => {
    expect(takenUp(USUAL, USUAL, was)).toEqual(was);
    // What was set while it was being found out stays.
    expect(takenUp({ ...USUAL, quality: 'master' }, USUAL, was)).toEqual({ ...was, quality: 'master' });
    const chosen = { ...was, quality: 'master' } as const;
    expect(taken(chosen, was, { ...was, style: 'vlog' })).toEqual({ ...chosen, style: 'vlog' });
    expect(taken(chosen, was, was)).toEqual(chosen);
    const set = { 'look.grain': 0.5 };
    expect(taken({ ...chosen, set }, was, { ...was, set: {} }).set).toEqual(set);
    expect(taken(chosen, was, { ...was, set }).set).toEqual(set);
  });
});
