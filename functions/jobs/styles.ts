import type { Style } from '../../shared/style.ts';
import { builtInStyles, parseStyle } from '../../shared/styles/built-in.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import type { Store } from '../../storage/store.ts';
import type { Handler } from './call.ts';

export const listStyles: Handler<'listStyles'> = async ({ store }) => {
  return { status: 200, body: { styles: await allStyles(store) } };
};

/** Built-in styles and those of the input bucket; an own one takes the place of the built-in one of the same id. */
export async function allStyles(store: Store): Promise<Style[]> {
  const own = await ownStyles(store, parseStyle);
  return [...new Map([...builtInStyles(), ...own].map((style) => [style.id, style])).values()];
}
