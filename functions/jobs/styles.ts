import { builtInStyles, parseStyle } from '../../shared/styles/built-in.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import type { Call, Reply } from './call.ts';

/** Built-in styles and those of the input bucket; an own one takes the place of the built-in one of the same id. */
export async function listStyles({ store }: Call): Promise<Reply> {
  const own = await ownStyles(store, parseStyle);
  const styles = new Map([...builtInStyles(), ...own].map((style) => [style.id, style]));
  return { status: 200, body: { styles: [...styles.values()] } };
}
