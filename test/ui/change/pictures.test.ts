import { describe, expect, it } from 'vitest';
import { missingIn, type Pictures, pictureOf, withPicture } from '../../../functions/ui/page/change/pictures.ts';

const moment = (etag: string, seconds: number) => ({ key: `set/${etag}.mp4`, etag, seconds });
const none: Pictures = new Map();

describe('the pictures of cuts', () => {
  it('are made once each, clip by clip, in the order in which it is played', () => {
    const wanted = [moment('a', 3), moment('b', 1), moment('a', 1), moment('a', 3.001)];
    expect(missingIn(none, wanted)).toEqual([[moment('a', 1), moment('a', 3)], [moment('b', 1)]]);
    const some = withPicture(none, moment('a', 1), 'blob:1');
    expect(missingIn(some, wanted)).toEqual([[moment('a', 3)], [moment('b', 1)]]);
  });

  it('stand in for moments nearby until those are made, and not for those far off or of other clips', () => {
    const some = withPicture(withPicture(none, moment('a', 1), 'blob:1'), moment('a', 3), 'blob:3');
    expect([1, 1.9, 2.1, 6, 20].map((seconds) => pictureOf(some, moment('a', seconds)))).toEqual([
      ...['blob:1', 'blob:1', 'blob:3', 'blob:3'],
      null,
    ]);
    expect(pictureOf(some, moment('b', 1))).toBeNull();
  });
});
