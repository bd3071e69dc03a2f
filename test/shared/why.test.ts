import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { germanHere, germanShot } from '../../functions/ui/page/words/german-why.ts';
import { SECTION_LABELS } from '../../shared/analysis.ts';
import { hereInEnglish, shotInEnglish, type WhyHere, type WhyShot, whySentence } from '../../shared/why.ts';

const opens = fc.constantFrom(null, ...SECTION_LABELS);
const toEnd = fc.boolean();
const anyHere: fc.Arbitrary<WhyHere> = fc.oneof(
  fc.record({ kind: fc.constant('start' as const), opens }),
  fc.record({ kind: fc.constant('beat' as const), downbeat: fc.boolean(), phrase: fc.boolean(), opens, toEnd }),
  fc.record({ kind: fc.constant('half beat' as const), toEnd }),
  fc.record({ kind: fc.constant('between beats' as const), opens, toEnd }),
  fc.record({ kind: fc.constant('moved' as const) }),
);
const anyShot: fc.Arbitrary<WhyShot> = fc.oneof(
  fc.record({ kind: fc.constantFrom('motion', 'width', 'symmetry', 'sharpness'), most: fc.boolean() }),
  fc.record({
    kind: fc.constant('pace' as const),
    motion: fc.constantFrom('calm', 'unhurried', 'lively'),
    music: fc.constantFrom('quiet', 'in between', 'intense'),
  }),
  fc.record({ kind: fc.constantFrom('fits between', 'wanted', 'chosen', 'locked') }),
);

describe('why a cut is what it is', () => {
  it('is one sentence: why here, then why this shot', () => {
    const here: WhyHere = { kind: 'beat', downbeat: true, phrase: true, opens: 'drop', toEnd: false };
    expect(whySentence({ here, shot: { kind: 'motion', most: true } }, 'beach.mp4')).toBe(
      'on the downbeat that opens the drop; the shot with the most motion in beach.mp4',
    );
    expect(whySentence({ here: null, shot: { kind: 'chosen' } }, 'beach.mp4')).toBe(
      'you chose this moment of beach.mp4',
    );
  });

  it('is said in German as well', () => {
    expect(germanHere({ kind: 'beat', downbeat: true, phrase: true, opens: 'verse', toEnd: true })).toBe(
      'auf der Eins, mit der die Strophe beginnt, gehalten bis zum Schluss',
    );
    expect(germanHere({ kind: 'beat', downbeat: false, phrase: false, opens: 'drop', toEnd: false })).toBe(
      'auf dem Schlag, mit dem der Drop beginnt',
    );
    expect(germanShot({ kind: 'pace', motion: 'calm', music: 'quiet' }, 'beach.mp4')).toBe(
      'ein ruhiger Moment aus beach.mp4, so leise wie die Musik',
    );
  });

  it.each([
    { language: 'English', inWords: hereInEnglish, ofShot: shotInEnglish },
    { language: 'German', inWords: germanHere, ofShot: germanShot },
  ])('says what differs in words that differ, in $language', ({ inWords, ofShot }) => {
    const differ = <T extends WhyHere | WhyShot>(why: fc.Arbitrary<T>, said: (why: T) => string) =>
      fc.assert(
        fc.property(why, why, (one, other) => {
          expect(said(one)).toMatch(/^[^;A-Z][^;]+[^ .;]$/u);
          return said(one) !== said(other) || tells(one) === tells(other);
        }),
      );
    differ(anyHere, inWords);
    differ(anyShot, (shot) => ofShot(shot, 'beach.mp4'));
  });
});

/** What of it is said: that a phrase begins goes without saying where a section does. */
function tells(why: WhyHere | WhyShot): string {
  if (why.kind !== 'beat') return JSON.stringify(why);
  const isPhrase = why.phrase && !(why.downbeat && why.opens);
  return JSON.stringify(isPhrase ? { phrase: true, toEnd: why.toEnd } : { ...why, phrase: false });
}
