import type { Revision } from '../../../../shared/api/revisions.ts';
import { versionsIn } from './undo-order.ts';

/** A version of a montage: a revision that was changed, and those that went back to it. */
export interface Version {
  /** The revision that first had it. */
  readonly revision: number;
  readonly from: number | null;
  readonly changes: Revision['changes'];
  readonly createdAt: string;
  readonly planned: boolean;
  /** A revision whose finished montage it is; null while there is none. */
  readonly finished: number | null;
}

/** Everything that a montage ever was, newest first. */
export function versionsOf(revisions: readonly Revision[]): Version[] {
  const versions = versionsIn(revisions);
  return revisions
    .filter(({ revision }) => versions.get(revision) === revision)
    .map(({ revision, from, changes, createdAt, planned }) => ({
      ...{ revision, from: from === null ? null : (versions.get(from) ?? from), changes, createdAt, planned },
      finished:
        revisions.findLast((each) => each.finished && versions.get(each.revision) === revision)?.revision ?? null,
    }))
    .reverse();
}
