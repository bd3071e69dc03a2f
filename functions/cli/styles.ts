import { readConfig } from '../../shared/config.ts';
import type { Style } from '../../shared/style.ts';
import { builtInStyles, parseStyle } from '../../shared/styles/built-in.ts';
import { openStore } from '../../storage/open-store.ts';
import { ownStyles } from '../../storage/own-styles.ts';
import { type CommonOptions, clientOf, dataFolder } from './session.ts';

/** Lists the styles: the built-in ones and those in the input bucket; an own one takes the place of the built-in one of its id. */
export async function styles(options: CommonOptions): Promise<void> {
  const all = options.server
    ? await clientOf(options.server).styles()
    : [...builtInStyles(), ...(await stylesOfStore(options))];
  const listed = [...new Map(all.map((style) => [style.id, style])).values()];
  if (options.json) process.stdout.write(`${JSON.stringify(listed)}\n`);
  else for (const { id, description } of listed) process.stdout.write(`${id.padEnd(18)} ${description}\n`);
}

/** A person's own styles, as they lie in the store that is used when no server is named. */
export async function stylesOfStore(options: CommonOptions): Promise<Style[]> {
  const config = { ...readConfig(), MONTAGE_DATA: dataFolder(options) };
  const store = openStore(config);
  // Unlike a folder that isn't there, a bucket that isn't there can't be listed.
  if (config.MONTAGE_STORE) await store.prepare();
  return ownStyles(store, parseStyle);
}
