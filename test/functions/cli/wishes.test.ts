import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NamedFootage } from '../../../functions/cli/footage.ts';
import { wishedFootage } from '../../../functions/cli/wishes.ts';

const footage: NamedFootage = {
  footageSet: 'holiday-1',
  title: 'holiday',
  clips: ['beach.mp4', 'day 1/swim.mp4', 'day 2/swim.mp4'].map((name) => ({ name, path: resolve('clips', name) })),
  leftOut: [],
  photos: 0,
};

describe('what is wanted of clips, as typed', () => {
  it('finds them by name, by path and by the end of it', () => {
    const { wishes } = wishedFootage(
      { must: ['beach.mp4', 'clips/day 1/swim.mp4', '2/swim.mp4'] },
      { ...footage, clips: footage.clips.map((clip) => ({ ...clip, name: clip.name.replace('day ', '') })) },
    );
    expect([...wishes]).toEqual([
      ['beach.mp4', { use: 'must' }],
      ['1/swim.mp4', { use: 'must' }],
      ['2/swim.mp4', { use: 'must' }],
    ]);
  });

  it('brings in no clip that is never to be used', () => {
    const { footage: left, wishes } = wishedFootage({ never: ['day 1/swim.mp4'] }, footage);
    expect(left.clips.map(({ name }) => name)).toEqual(['beach.mp4', 'day 2/swim.mp4']);
    expect(wishes.size).toBe(0);
  });

  it('joins what is said of one clip', () => {
    const only = [{ clip: 'beach.mp4', fromSeconds: 3 }];
    expect(wishedFootage({ must: ['beach.mp4'], only }, footage).wishes.get('beach.mp4')).toEqual({
      use: 'must',
      fromSeconds: 3,
    });
  });

  it.each([
    [{ must: ['swim.mp4'] }, /swim\.mp4 could be .*day 1.* or .*day 2.*--must/],
    [{ only: [{ clip: 'beech.mp4', fromSeconds: 1 }] }, /None of the clips is named beech\.mp4.*--only/],
    [{ must: ['beach.mp4'], never: ['beach.mp4'] }, /beach\.mp4 is named with --never too/],
    [{ never: ['beach.mp4', 'day 1/swim.mp4', 'day 2/swim.mp4'] }, /All clips are named with --never/],
  ])('is refused by name: %j', (typed, sentence) => {
    expect(() => wishedFootage(typed, footage)).toThrow(sentence);
  });
});
