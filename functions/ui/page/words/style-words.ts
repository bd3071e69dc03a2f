import type { Style } from '../../../../shared/style.ts';
import type { StyleOverrides } from '../../../../shared/styles/overrides.ts';
import type { StyleGroup } from '../choose/style-fields.ts';

type Names<T> = Readonly<Record<keyof T, string>>;
type Named<T> = Extract<T, string>;

/** Every name that a field of a style takes. */
type StyleValue =
  | Style['pacing']['speed' | 'variation']
  | Named<Style['arc']>
  | Style['shots']['variety']
  | Style['transitions']['type']
  | Named<Style['look']['grade']>
  | Style['sound']['sourceAudio'];

/** What the fields of a style, and the names that they take, are called in a language. */
export interface StyleWords {
  readonly groups: Readonly<Record<StyleGroup, string>>;
  readonly pacing: Names<Omit<Style['pacing'], 'beatsPerCut'>> & {
    readonly beatsPerCut: Names<NonNullable<Style['pacing']['beatsPerCut']>>;
  };
  readonly arc: string;
  readonly shots: Names<Style['shots']>;
  readonly transitions: Names<Style['transitions']>;
  readonly look: Names<Style['look']>;
  readonly sound: Names<Style['sound']>;
  readonly values: Readonly<Record<StyleValue, string>>;
  /** What isn't a name, and can only be written in a style's own file: points of an arc, a sequence of looks. */
  readonly ownList: string;
  readonly open: string;
  readonly yes: string;
  readonly no: string;
}

/** What the field at a path is called: `pacing.speed`. */
export function fieldName(words: StyleWords, path: string): string {
  const name = path
    .split('.')
    .reduce<unknown>((inner, step) => (inner as Readonly<Record<string, unknown>> | undefined)?.[step], words);
  return typeof name === 'string' ? name : path;
}

/** A field's value in words. */
export function valueName(words: StyleWords, value: StyleOverrides[string]): string {
  if (value === null) return words.open;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return String(value).replace('-', '−');
  return value.startsWith('[') ? words.ownList : (words.values[value as StyleValue] ?? value);
}
