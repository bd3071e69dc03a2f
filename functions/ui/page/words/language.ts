import { computed, effect, signal } from '@preact/signals';
import { remember, remembered } from '../remembered.ts';
import { english, type Words } from './english.ts';
import { german } from './german.ts';

/** The languages that the page speaks: another one is a file of words and a line here. */
export const LANGUAGES = { en: english, de: german } as const satisfies Record<string, Words>;
/** The tag of such a language. */
export type Language = keyof typeof LANGUAGES;

/** The first language of a person's list that the page speaks, else English. */
export function languageFor(wanted: readonly string[]): Language {
  const spoken = wanted.map((tag) => tag.toLowerCase().split('-', 1)[0] ?? '');
  return (spoken.find((tag) => tag in LANGUAGES) as Language | undefined) ?? 'en';
}

/** The language of the page: what was chosen here before, else the browser's. */
export const language = signal<Language>(
  languageFor([remembered('language') ?? '', ...(globalThis.navigator?.languages ?? [])]),
);

/** The words of the page. */
export const words = computed<Words>(() => LANGUAGES[language.value]);

/** How dates are written: as where the person lives, when that is a place of the page's language. */
export const locale = computed(
  () => globalThis.navigator?.languages.find((tag) => tag.startsWith(language.value)) ?? language.value,
);

/** Chooses a language for good. */
export function speak(chosen: Language): void {
  language.value = chosen;
  remember('language', chosen);
}

/** Keeps the document's own language with the page's. */
export const sayLanguage = () =>
  effect(() => {
    document.documentElement.lang = language.value;
  });
