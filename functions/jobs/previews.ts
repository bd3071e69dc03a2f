import { MADE_PREVIEWS } from '../../shared/keys.ts';
import type { StylePreview } from '../../shared/preview.ts';
import { previewOf } from '../../shared/preview-hash.ts';
import { madePreviews, notedPreviews, previewState, wantPreview } from '../../storage/previews.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { redirectTo } from './signed.ts';
import { allStyles } from './styles.ts';

export const listPreviews: Handler<'listPreviews'> = async ({ store }) => {
  return { status: 200, body: { previews: await previewsOf(store, new Date()) } };
};

export const wantPreviews: Handler<'wantPreviews'> = async ({ store }) => {
  const now = new Date();
  const styles = new Map((await allStyles(store)).map((style) => [style.id, style]));
  const previews: StylePreview[] = [];
  for (const found of await previewsOf(store, now)) {
    const style = styles.get(found.style);
    const isMissing = found.state === 'missing' && style !== undefined;
    if (isMissing) await wantPreview(store, found.preview, style, now);
    previews.push(isMissing ? { ...found, state: 'wanted' } : found);
  }
  return { status: 200, body: { previews } };
};

export const findPreview: Handler<'findPreview'> = async ({ store, parameters: { file } }) => {
  const key = `${MADE_PREVIEWS}${file}`;
  if (!(await store.stat('cache', key))) throw new Problem(404, `There is no preview ${file}`);
  return redirectTo(store, 'cache', key);
};

/** One for each style, in their order. */
async function previewsOf(store: Store, now: Date): Promise<StylePreview[]> {
  const [styles, noted, made] = await Promise.all([allStyles(store), notedPreviews(store), madePreviews(store)]);
  const notes = new Map(noted.map((each) => [each.preview, each]));
  return styles.map((style) => {
    const preview = previewOf(style);
    return { style: style.id, preview, state: previewState(notes.get(preview), made.has(preview), now) };
  });
}
