import type { TimeLeft } from './time-left.ts';

/** What is said of the time left, and since when it has been known to be more; null while it isn't. */
export interface Said {
  readonly left: TimeLeft;
  readonly moreSince: number | null;
}

/** So long it must have been more before that is said: one slow piece is often made up for by the next. */
const MORE_FOR_MS = 3000;
/** Times as much, from which on that is said at once: waiting would be wrong by more than is tolerable. */
const FAR_MORE = 1.3;

/** What is said of the time left after what was said before: less at once, more only once it stays so. */
export function calmly(before: Said | null, left: TimeLeft | null, now: number): Said | null {
  if (!left) return null;
  if (!before || left.most <= before.left.most) return { left, moreSince: null };
  const moreSince = before.moreSince ?? now;
  const isKnownWell = left.least === left.most;
  const isFarMore = isKnownWell && left.most > before.left.most * FAR_MORE;
  return isFarMore || now - moreSince >= MORE_FOR_MS ? { left, moreSince: null } : { ...before, moreSince };
}
