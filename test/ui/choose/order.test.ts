import { describe, expect, it } from 'vitest';
import { lengthOf, obstacle, requestOf, USUAL } from '../../../functions/ui/page/choose/order.ts';
import { JobRequestSchema, ORDER_LIMITS, OrderSchema } from '../../../shared/request.ts';

const choices = (change: Partial<typeof USUAL>) => ({ ...USUAL, ...change });

describe('what is asked for', () => {
  it('is only what was chosen, and what the API takes', () => {
    expect(requestOf(USUAL, 'summer', ['summer/a.mp4'], null)).toEqual({
      footageSet: 'summer',
      style: 'dynamic',
      quality: 'standard',
      clips: ['summer/a.mp4'],
    });
    const all = choices({
      style: 'mtv',
      set: { 'pacing.syncToBeats': false },
      format: 'vertical',
      length: '1:30',
      quality: 'preview',
      title: ' Hi ',
      seed: '7',
    });
    const wishes = { 'summer/a.mp4': { use: 'must' as const, fromSeconds: 1.5 } };
    const request = requestOf(all, 'summer', ['summer/a.mp4'], 'song.mp3', wishes);
    expect(JobRequestSchema.parse(request)).toMatchObject({
      style: 'mtv',
      set: { 'pacing.syncToBeats': false },
      format: 'vertical',
      durationSeconds: 90,
      quality: 'preview',
      title: 'Hi',
      seed: 7,
      music: 'song.mp3',
      wishes,
    });
  });

  it('is the whole set where there are more clips than can be named', () => {
    const many = Array.from({ length: ORDER_LIMITS.clips + 1 }, (_, i) => `summer/${i}.mp4`);
    expect(requestOf(USUAL, 'summer', many, null)).not.toHaveProperty('clips');
  });

  it('has the bounds of the schema', () => {
    const { leastSeconds, mostSeconds, titleLength, mostSeed } = ORDER_LIMITS;
    const isTaken = (order: object) => OrderSchema.safeParse(order).success;
    for (const order of [
      { durationSeconds: leastSeconds },
      { durationSeconds: mostSeconds },
      { title: 'x'.repeat(titleLength) },
      { seed: mostSeed },
    ])
      expect(isTaken(order)).toBe(true);
    for (const order of [
      { durationSeconds: leastSeconds - 0.1 },
      { durationSeconds: mostSeconds + 0.1 },
      { title: 'x'.repeat(titleLength + 1) },
      { seed: mostSeed + 1 },
    ])
      expect(isTaken(order)).toBe(false);
    expect(USUAL).toMatchObject({ style: OrderSchema.parse({}).style, quality: OrderSchema.parse({}).quality });
    expect(['0.5', '3601', 'x'].map((length) => lengthOf(choices({ length })))).toEqual(Array(3).fill('wrong'));
  });
});

describe('what keeps a montage from being asked for', () => {
  it('is said, the first thing first', () => {
    expect(obstacle(USUAL, true, { clips: 0, usable: 0, songs: 0 })).toBe('clips and song');
    expect(obstacle(USUAL, true, { clips: 0, usable: 0, songs: 1 })).toBe('clips');
    expect(obstacle(USUAL, true, { clips: 2, usable: 0, songs: 1 })).toBe('usable clips');
    expect(obstacle(USUAL, true, { clips: 3, usable: 3, songs: 0 })).toBe('song');
    expect(obstacle(choices({ length: 'long' }), true, { clips: 3, usable: 3, songs: 1 })).toBe('length');
    expect(obstacle(choices({ seed: '1.5' }), true, { clips: 3, usable: 3, songs: 1 })).toBe('seed');
    expect(obstacle(choices({ length: '12', seed: '3' }), true, { clips: 1, usable: 1, songs: 1 })).toBeNull();
  });
});
