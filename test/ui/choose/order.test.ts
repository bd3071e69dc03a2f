import { describe, expect, it } from 'vitest';
import { LIMITS, lengthOf, obstacle, requestOf, USUAL } from '../../../functions/ui/page/choose/order.ts';
import { JobRequestSchema } from '../../../shared/request.ts';

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
    const many = Array.from({ length: LIMITS.clips + 1 }, (_, i) => `summer/${i}.mp4`);
    expect(requestOf(USUAL, 'summer', many, null)).not.toHaveProperty('clips');
  });

  it('has the bounds of the schema', () => {
    expect(LIMITS).toMatchObject({ leastSeconds: 1, mostSeconds: 3600, titleLength: 200, mostSeed: 2 ** 31 - 1 });
    expect(['0.5', '3601', 'x'].map((length) => lengthOf(choices({ length })))).toEqual(Array(3).fill('wrong'));
  });
});

describe('what keeps a montage from being asked for', () => {
  it('is said, the first thing first', () => {
    expect(obstacle(USUAL, true, 0, 0)).toBe('clips and song');
    expect(obstacle(USUAL, true, 0, 1)).toBe('clips');
    expect(obstacle(USUAL, true, 3, 0)).toBe('song');
    expect(obstacle(choices({ length: 'long' }), true, 3, 1)).toBe('length');
    expect(obstacle(choices({ seed: '1.5' }), true, 3, 1)).toBe('seed');
    expect(obstacle(choices({ length: '12', seed: '3' }), true, 1, 1)).toBeNull();
  });
});
