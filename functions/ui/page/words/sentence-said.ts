/**
 * Sentences of Montage's own, such as why a clip can't be used, in the page's language. They come in English; a language brings its own by
 * the English ones, as in gettext: with names in braces for what is filled in.
 */
import { language, words } from './language.ts';

/** A sentence, and the language that it came to be in, for who reads it aloud. */
export interface SentenceSaid {
  text: string;
  /** Where that isn't the page's. */
  lang: string | undefined;
}

/** An English sentence of Montage's in the page's language, or as it is where that has none for it. */
export function sentenceSaid(english: string): SentenceSaid {
  const text = translated(english, words.value.sentences);
  return { text: text ?? english, lang: text !== null || language.value === 'en' ? undefined : 'en' };
}

/** A sentence by those that are known; null where none of them is it. */
export function translated(english: string, sentences: Readonly<Record<string, string>>): string | null {
  for (const { pattern, names, other } of patternsOf(sentences)) {
    const values = pattern.exec(english)?.slice(1);
    if (!values) continue;
    const filled = new Map(names.map((name, at) => [name, values[at] as string]));
    return other.replace(PLACE, (_, name: string) => {
      const value = filled.get(name) ?? '';
      return translated(value, sentences) ?? translated(capitalised(value), sentences) ?? value;
    });
  }
  return null;
}

const PLACE = /\{(\w+)\}/g;

interface Pattern {
  pattern: RegExp;
  /** Of what is filled in, in the English order. */
  names: string[];
  other: string;
  /** How much of it stands fast. */
  fast: number;
}

const compiled = new WeakMap<Readonly<Record<string, string>>, Pattern[]>();

/** The most telling first: a sentence may also be what another one takes for filled in. */
function patternsOf(sentences: Readonly<Record<string, string>>): Pattern[] {
  const known = compiled.get(sentences);
  if (known) return known;
  const patterns = Object.entries(sentences)
    .map(([english, other]): Pattern => {
      const parts = english.split(PLACE);
      const fixed = parts.filter((_, at) => at % 2 === 0);
      return {
        pattern: new RegExp(`^${fixed.map(escaped).join('([^]*?)')}$`),
        names: parts.filter((_, at) => at % 2 === 1),
        other,
        fast: fixed.join('').length,
      };
    })
    .sort((a, b) => b.fast - a.fast);
  compiled.set(sentences, patterns);
  return patterns;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
