import { nameToRead } from '../sign-in/own-names.ts';
import type { Upload } from './upload-queue.ts';

/** A clip or song of the page: on its way, in the store, or both. */
export interface Entry<Stored> {
  /** Stays the same while it is sent and found. */
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly upload: Upload | null;
  readonly stored: Stored | null;
}

/** What was dropped just now, in that order, then all else that the store has. The same file dropped twice is one entry. */
export function entriesOf<Stored extends { key: string; file: string }>(
  uploads: readonly Upload[],
  stored: readonly Stored[],
): Entry<Stored>[] {
  const byKey = new Map(stored.map((each) => [each.key, each]));
  const shown = new Set<string>();
  const dropped: Entry<Stored>[] = [];
  for (const upload of uploads) {
    const { key } = upload;
    if (key !== null && shown.has(key)) continue;
    if (key !== null) shown.add(key);
    const found = key === null ? null : (byKey.get(key) ?? null);
    dropped.push({ id: `upload-${upload.id}`, name: nameOf(upload, found), key, upload, stored: found });
  }
  const others = stored.filter(({ key }) => !shown.has(key));
  return [
    ...dropped,
    ...others.map((each) => ({ id: each.key, name: nameToRead(each.file), key: each.key, upload: null, stored: each })),
  ];
}

/** The name it has or will have in the store, which another file of the same name may have changed. */
function nameOf({ key, set, path }: Upload, found: { file: string } | null): string {
  if (found) return nameToRead(found.file);
  if (key === null) return path;
  return set === null ? nameToRead(key) : key.slice(key.indexOf('/') + 1);
}
