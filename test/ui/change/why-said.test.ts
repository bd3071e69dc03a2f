import { afterEach, describe, expect, it } from 'vitest';
import { whySaid } from '../../../functions/ui/page/change/why-said.ts';
import { language } from '../../../functions/ui/page/words/language.ts';

describe('why a cut is what it is, on the page', () => {
  afterEach(() => {
    language.value = 'en';
  });

  it('is said in the language of the page', () => {
    language.value = 'de';
    const why = { here: { kind: 'half beat', toEnd: false }, shot: { kind: 'locked' } } as const;
    expect(whySaid({ why, reason: 'on the half beat; you locked this moment of beach.mp4' }, 'beach.mp4')).toEqual({
      here: 'auf dem halben Schlag',
      shot: 'du hast diesen Moment aus beach.mp4 gesperrt',
    });
  });

  it('is the English sentence of a timeline that keeps no more, in its two halves', () => {
    expect(whySaid({ why: null, reason: 'on the drop; sharp, and moves' }, 'beach.mp4')).toEqual({
      here: 'on the drop',
      shot: 'sharp, and moves',
      lang: 'en',
    });
    expect(whySaid({ why: null, reason: 'you chose this moment' }, 'beach.mp4')).toMatchObject({ here: null });
  });
});
