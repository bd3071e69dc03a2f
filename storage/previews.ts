import { MADE_PREVIEWS, PREVIEWS, previewKeys, recognise } from '../shared/keys.ts';
import type { PreviewState, WantedPreview } from '../shared/preview.ts';
import type { Style } from '../shared/style.ts';
import type { Store } from './store.ts';

/** A preview that failed may be asked for again after so long: what it failed for may have passed. */
const FORGIVEN_MS = 24 * 3600 * 1000;

/** All that is noted of one preview. */
export interface PreviewNotes {
  preview: string;
  /** Somebody wants it. */
  wanted: boolean;
  /** The requests for it that stand. */
  requests: { attempt: number; at: Date }[];
  made: boolean;
  failedAt: Date | null;
}

/** What is noted of previews, in order of their names. Of those that nothing is to be done about, nothing is but that they failed. */
export async function notedPreviews(store: Store): Promise<PreviewNotes[]> {
  const noted = new Map<string, PreviewNotes>();
  for await (const { key, lastModified } of store.list('jobs', PREVIEWS)) {
    const { preview, attempt } = recognise('jobs', key)?.fields ?? {};
    if (!preview) continue;
    const notes = noted.get(preview) ?? { preview, wanted: false, requests: [], made: false, failedAt: null };
    noted.set(preview, notes);
    const keys = previewKeys(preview);
    if (attempt) notes.requests.push({ attempt: Number(attempt), at: lastModified });
    else if (key === keys.wanted) notes.wanted = true;
    else if (key === keys.made) notes.made = true;
    else if (key === keys.failed) notes.failedAt = lastModified;
  }
  return [...noted.values()].sort((a, b) => (a.preview < b.preview ? -1 : 1));
}

/** Whether anything is to be done about any preview. */
export async function anyPreviewOpen(store: Store): Promise<boolean> {
  return (await notedPreviews(store)).some(({ wanted }) => wanted);
}

/** Names of the previews that lie finished in the cache. */
export async function madePreviews(store: Store): Promise<Set<string>> {
  const made = new Set<string>();
  for await (const { key } of store.list('cache', MADE_PREVIEWS)) {
    if (key.endsWith('.mp4')) made.add(key.slice(MADE_PREVIEWS.length, -'.mp4'.length));
  }
  return made;
}

/** How far a preview is. */
export function previewState(notes: PreviewNotes | undefined, isMade: boolean, now: Date): PreviewState {
  if (isMade) return 'made';
  if (notes?.failedAt && now.getTime() - notes.failedAt.getTime() < FORGIVEN_MS) return 'failed';
  return notes?.wanted ? 'wanted' : 'missing';
}

/** Notes that somebody wants the preview of a style. What was noted of an earlier one, which is gone or failed long ago, is forgotten. */
export async function wantPreview(store: Store, preview: string, style: Style, now: Date): Promise<void> {
  const keys = previewKeys(preview);
  await store.delete('jobs', keys.made);
  await store.delete('jobs', keys.failed);
  const wanted: WantedPreview = { style, at: now.toISOString() };
  await store.putOnce('jobs', keys.wanted, JSON.stringify(wanted));
}

/** Notes that a preview could not be made, for a reason that won't pass by itself. */
export async function failPreview(store: Store, preview: string, reason: string, now: Date): Promise<void> {
  await store.putOnce('jobs', previewKeys(preview).failed, JSON.stringify({ reason, at: now.toISOString() }));
}
