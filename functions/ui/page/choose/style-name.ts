import { styles } from '../gather/library.ts';
import { words } from '../words/language.ts';

/** What a style is called in the page's language, by its id; one that is gone keeps that. */
export function styleName(id: string): string {
  return words.value.style[id]?.[0] ?? styles.value.find((style) => style.id === id)?.name ?? id;
}
