import type { ObjectRef } from '../../shared/events.ts';
import { cacheKeys, previewKeys, recognise } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { WantedPreviewSchema } from '../../shared/preview.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Style } from '../../shared/style.ts';
import { failPreview } from '../../storage/previews.ts';
import { readJson } from '../../storage/read-json.ts';
import type { Store } from '../../storage/store.ts';
import { underLease } from '../../storage/work.ts';

const WITHDRAWN_CHECK_MS = 500;

/** Paths of a finished preview. */
export interface Film {
  film: string;
  still: string;
}

/**
 * Makes the preview that a request asks for, unless it is wanted no more, and keeps it. A request that is taken back meanwhile stops the
 * work: then a person's comes first, and this will be asked for again. What is refused isn't asked for again for a day.
 *
 * @throws what may pass when tried again.
 */
export async function takePreview(
  store: Store,
  request: ObjectRef,
  make: (style: Style, signal: AbortSignal) => Promise<Film>,
): Promise<void> {
  const preview = recognise(request.bucket, request.key)?.fields.preview;
  if (!preview) throw new Error(`${request.key} is no request for a preview`);
  const keys = previewKeys(preview);
  const isWanted = async () => (await store.stat('jobs', request.key)) && (await store.stat('jobs', keys.wanted));
  if (!(await isWanted())) return;
  const { style } = WantedPreviewSchema.parse(await readJson(store, 'jobs', keys.wanted));
  await underLease(store, 'preview', preview, request.key, async (lease) => {
    const withdrawn = new AbortController();
    const check = setInterval(() => {
      isWanted().then(
        (wanted) => wanted || withdrawn.abort(new Error('The preview has to wait')),
        () => {},
      );
    }, WITHDRAWN_CHECK_MS);
    try {
      if (!(await store.stat('cache', cacheKeys.preview(preview)))) {
        const { film, still } = await make(style, AbortSignal.any([lease, withdrawn.signal]));
        // The film last: whoever sees that can have both.
        await store.putFileOnce('cache', cacheKeys.previewStill(preview), still);
        await store.putFileOnce('cache', cacheKeys.preview(preview), film);
      }
      await store.putOnce('jobs', keys.made, JSON.stringify({ at: new Date().toISOString() }));
    } catch (error) {
      if (withdrawn.signal.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      log.warn('a preview can not be made', { preview, style: style.id, reason: error.message });
      await failPreview(store, preview, error.message, new Date());
    } finally {
      clearInterval(check);
    }
  });
}
