import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differences,
  isSameSet,
  styleFields,
  valueAt,
  withField,
} from '../../../functions/ui/page/choose/style-fields.ts';
import { englishStyle } from '../../../functions/ui/page/words/english-style.ts';
import { germanStyle } from '../../../functions/ui/page/words/german-style.ts';
import { fieldName, valueName } from '../../../functions/ui/page/words/style-words.ts';
import type { Style } from '../../../shared/style.ts';
import { builtInStyles } from '../../../shared/styles/built-in.ts';
import { withOverrides } from '../../../shared/styles/overrides.ts';

const styles = builtInStyles();
const style = (id: string) => styles.find((each) => each.id === id) as Style;
const fields = Object.values(styleFields()).flat();
const paths = fields.map(({ path }) => path);

/** Dotted paths of everything that a style holds, lists as one. */
function leaves(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [at];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, at ? `${at}.${name}` : name));
}

describe('the fields of a style', () => {
  it('are all that it holds but its own name, each once', () => {
    const held = leaves(style('travel')).filter((path) => !['id', 'name', 'description', 'mood'].includes(path));
    expect(paths.toSorted()).toEqual(held.toSorted());
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('have the limits of the schema: what is within them is taken, what is beyond is refused', () => {
    const base = style('travel');
    for (const { path, takes } of fields) {
      const values =
        takes.kind === 'number' ? [takes.least, takes.most] : takes.kind === 'one of' ? takes.names : [true, false];
      for (const value of values) {
        const bounds = path.endsWith('.max') ? { 'pacing.beatsPerCut.min': 0.5 } : {};
        const seconds =
          path === 'shots.minClipSeconds'
            ? { 'shots.maxClipSeconds': 120 }
            : path === 'shots.maxClipSeconds'
              ? { 'shots.minClipSeconds': 0.1 }
              : {};
        const most = path === 'pacing.beatsPerCut.min' ? { 'pacing.beatsPerCut.max': 64 } : {};
        const tuned = withOverrides(base, { ...bounds, ...seconds, ...most, [path]: value });
        expect(valueAt(tuned, path), path).toBe(value);
      }
      if (takes.kind !== 'number') continue;
      for (const beyond of [takes.least - 0.1, takes.most + 0.1, ...(takes.isWhole ? [takes.least + 0.5] : [])])
        expect(() => withOverrides(base, { [path]: beyond }), path).toThrow(path);
    }
  });

  it('and their values have names in every language', () => {
    for (const words of [englishStyle, germanStyle])
      for (const { path, takes } of fields) {
        expect(fieldName(words, path)).not.toBe(path);
        if (takes.kind === 'one of')
          for (const name of takes.names) expect(valueName(words, name), name).toBe(words.values[name as 'cut']);
      }
  });
});

describe('what is set another way', () => {
  it('makes any style of any other, and nothing of itself', () => {
    const any = fc.constantFrom(...styles);
    fc.assert(
      fc.property(any, any, (one, other) => {
        const made = withOverrides(one, differences(one, other));
        expect({ ...made, id: 0, name: 0, description: 0, mood: 0 }).toEqual({
          ...other,
          id: 0,
          name: 0,
          description: 0,
          mood: 0,
        });
      }),
    );
    expect(differences(style('mtv'), style('mtv'))).toEqual({});
  });

  it('is forgotten when it is as the style has it again', () => {
    const base = style('dynamic');
    const set = withField({}, base, 'look.grain', 0.5);
    expect(set).toEqual({ 'look.grain': 0.5 });
    expect(withField(set, base, 'look.grain', base.look.grain)).toEqual({});
    expect(isSameSet(set, { ...set })).toBe(true);
    expect([{}, { 'look.grain': 0.4 }, { 'look.vignette': 0.5 }].some((other) => isSameSet(set, other))).toBe(false);
  });

  it('are both bounds of the beats a cut where a style has none, and one where it has them', () => {
    const [open, bound] = [styles.find(({ pacing }) => !pacing.beatsPerCut), style('travel')] as Style[];
    const set = withField({}, open as Style, 'pacing.beatsPerCut.min', 2);
    expect(set).toEqual({ 'pacing.beatsPerCut.min': 2, 'pacing.beatsPerCut.max': 64 });
    expect(withOverrides(open as Style, set).pacing.beatsPerCut).toEqual({ min: 2, max: 64 });
    expect(withField({}, bound as Style, 'pacing.beatsPerCut.min', 1)).toEqual({ 'pacing.beatsPerCut.min': 1 });
  });
});
