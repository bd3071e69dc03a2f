import { describe, expect, it } from 'vitest';
import { objectOf, TICK_TYPE } from '../../shared/events.ts';

const object = { bucket: 'jobs', key: 'a/request.json', etag: 'e', size: 1 };

describe('what an event is about', () => {
  it('is the object that it names, and nothing for the timer', () => {
    expect(objectOf({ type: 'ai.montage.plan.requested', data: object })).toEqual(object);
    expect(objectOf({ type: TICK_TYPE, data: '{}' })).toBeNull();
  });

  it('is said in a sentence to be missing', () => {
    for (const [data, why] of [
      [{ ...object, bucket: 'nowhere' }, 'bucket: '],
      [{ ...object, size: -1 }, 'size: '],
      [undefined, 'names no object: '],
    ] as const)
      expect(() => objectOf({ type: 'ai.montage.plan.requested', data })).toThrow(
        new RegExp(
          `^An event of the type ai.montage.plan.requested names no object: .*${why.replace('names no object: ', '')}`,
        ),
      );
  });
});
