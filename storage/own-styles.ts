import type { Style } from '../shared/style.ts';
import type { Store } from './store.ts';

/** The styles that users have put into the input bucket under `styles/`, in order of name; `parse` refuses a bad one by name. */
export async function ownStyles(store: Store, parse: (json: string, name: string) => Style): Promise<Style[]> {
  const styles: Style[] = [];
  for await (const { key } of store.list('input', 'styles/')) {
    if (key.endsWith('.json')) styles.push(parse((await store.read('input', key)).toString('utf8'), key));
  }
  return styles;
}
