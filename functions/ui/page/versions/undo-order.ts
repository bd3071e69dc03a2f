import type { Revision } from '../../../../shared/api/revisions.ts';

type Made = Pick<Revision, 'revision' | 'from' | 'changes' | 'planned'>;

/** Where a person is among the versions of a montage, each named by the revision that first had it. */
export interface UndoOrder {
  /** The version of the latest revision. */
  readonly now: number;
  /** What undoing leads to; null where there is nothing to undo. */
  readonly undo: number | null;
  /** What doing again leads to. */
  readonly redo: number | null;
}

/**
 * What undo and redo lead to, from the list of revisions alone, so that a page that was closed knows it too. A revision without
 * changes is an earlier version again: going there is undoing, or doing again, all that lies between. A change ends what could be
 * done again. A revision that never came to a plan can't be started from, so nothing leads to it.
 */
export function undoOrder(revisions: readonly Made[]): UndoOrder | null {
  const [first, ...later] = revisions;
  if (!first) return null;
  const versions = versionsIn(revisions);
  const isPlanned = new Set(revisions.flatMap(({ revision, planned }) => (planned ? [revision] : [])));
  let past: number[] = [];
  let now = first.revision;
  let future: number[] = [];
  const goTo = (version: number) => {
    if (version === now) return;
    const leaving = isPlanned.has(now) ? [now] : [];
    const [back, on] = [past.lastIndexOf(version), future.lastIndexOf(version)];
    if (back >= 0) {
      future = [...future, ...leaving, ...past.slice(back + 1).reverse()];
      past = past.slice(0, back);
    } else if (on >= 0) {
      past = [...past, ...leaving, ...future.slice(on + 1).reverse()];
      future = future.slice(0, on);
    } else {
      past = [...past, ...leaving];
      future = [];
    }
    now = version;
  };
  for (const { revision, from, changes } of later) {
    goTo(versions.get(from ?? now) ?? now);
    if (changes.length === 0) continue;
    past = isPlanned.has(now) ? [...past, now] : past;
    now = revision;
    future = [];
  }
  return { now, undo: past.at(-1) ?? null, redo: future.at(-1) ?? null };
}

/** By revision, the one that was first like it. */
export function versionsIn(revisions: readonly Made[]): ReadonlyMap<number, number> {
  const versions = new Map<number, number>();
  for (const { revision, from, changes } of revisions)
    versions.set(revision, from === null || changes.length > 0 ? revision : (versions.get(from) ?? from));
  return versions;
}
