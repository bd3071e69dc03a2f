import { computed } from '@preact/signals';
import { type Language, language } from '../../words/language.ts';
import { englishOps, type OpsWords } from './english-ops.ts';
import { germanOps } from './german-ops.ts';

const WORDS: Readonly<Record<Language, OpsWords>> = { en: englishOps, de: germanOps };

/** The words of the operator's page, in the page's language. */
export const opsWords = computed(() => WORDS[language.value]);
