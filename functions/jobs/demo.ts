import { tmpdir } from 'node:os';
import { cacheKeys } from '../../shared/keys.ts';
import { ownSets, ownSongs } from '../../shared/owner.ts';
import { previewOf } from '../../shared/preview-hash.ts';
import { bringDemo, demoMade } from '../../storage/demo.ts';
import { notedPreviews, previewState, wantPreview } from '../../storage/previews.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { allStyles } from './styles.ts';

const SET = 'Demo';

/** The demo's files are what previews are made of, so what makes those makes them. */
export const tryDemo: Handler<'tryDemo'> = async ({ store, config, user, now }) => {
  const { made, of } = await demoMade(store);
  if (made < of) {
    await wantMaterial(store, now);
    return { status: 202, body: { made, of } };
  }
  const owner = user?.owner ?? null;
  const places = { set: `${ownSets(owner)}${SET}`, songs: ownSongs(owner) };
  return { status: 200, body: await bringDemo(store, { ...places, scratch: config.MONTAGE_SCRATCH ?? tmpdir() }) };
};

/** Has a preview made, anew if need be, where none is on its way. */
async function wantMaterial(store: Store, now: Date): Promise<void> {
  const noted = await notedPreviews(store);
  if (noted.some(({ wanted }) => wanted)) return;
  const [style] = await allStyles(store);
  if (!style) throw new Problem(503, 'There is no style to make a demo for');
  const preview = previewOf(style);
  const notes = noted.find((each) => each.preview === preview);
  if (previewState(notes, false, now) === 'failed')
    throw new Problem(503, 'Our clips can’t be made here; the log of `preview` says why. Try it with your own');
  await store.delete('cache', cacheKeys.preview(preview));
  await wantPreview(store, preview, style, now);
}
