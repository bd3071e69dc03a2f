import { builtInStyles, parseStyle } from '../../shared/styles/built-in.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import type { Handler } from './call.ts';

/** Built-in styles and those of the input bucket; an own one takes the place of the built-in one of the same id. */
export const listStyles: Handler<'listStyles'> = async ({ store }) => {
  const own = await ownStyles(store, parseStyle);
  const styles = new Map([...builtInStyles(), ...own].map((style) => [style.id, style]));
  return { status: 200, body: { styles: [...styles.values()] } };
};
