import type { Answer } from './post.ts';

/** Seconds to wait after each try that failed; after one more than there are here nobody tries again. */
export const PAUSES_SECONDS = [2, 4, 8, 16, 32, 300, 1800, 7200, 18_000, 36_000] as const;
/** A try that is due within so many seconds is the broker's: its Trigger comes again as often as there are such pauses. Others are the timer's. */
export const SOON_SECONDS = 60;
/** What `Retry-After` may ask for at most. */
const LONGEST_PAUSE_SECONDS = 24 * 3600;

/** What an answer means for a delivery. All but `told` say why, as a sentence. */
export type Verdict =
  | { kind: 'told' }
  /** It may be told later, and not before so many seconds where it said so. */
  | { kind: 'later'; reason: string; waitSeconds: number }
  /** Trying again would give the same. */
  | { kind: 'never'; reason: string }
  /** It asks to be told of nothing any more. */
  | { kind: 'gone'; reason: string };

/** 2xx is told, 410 ends the hook, a time-out, too many calls and the receiver's own trouble may pass, all else stays. */
export function verdictOn({ status, said, retryAfter }: Answer, now: Date): Verdict {
  if (status >= 200 && status < 300) return { kind: 'told' };
  const answered = `It answered ${status}`;
  if (status === 410) return { kind: 'gone', reason: `${answered}: it wants no more calls, so the hook was ended` };
  if (status >= 300 && status < 400)
    return { kind: 'never', reason: `${answered}, a redirect, which is not followed: name the address it leads to` };
  const reason = said ? `${answered}: ${said}` : answered;
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'later', reason, waitSeconds: retryAfterSeconds(retryAfter, now) };
  return { kind: 'never', reason };
}

/** When to try again after so many tries, at least so many seconds on; null for never. */
export function nextTry(tries: number, waitSeconds: number, now: Date): Date | null {
  const pause = PAUSES_SECONDS[tries - 1];
  return pause === undefined ? null : new Date(now.getTime() + Math.max(pause, waitSeconds) * 1000);
}

/** Whether a time is so near that somebody waits for it. */
export const isSoon = (until: Date, now: Date): boolean => until.getTime() - now.getTime() <= SOON_SECONDS * 1000;

/** Seconds or a date, as RFC 9110 has it (10.2.3); 0 for what is neither. */
function retryAfterSeconds(header: string | null, now: Date): number {
  if (header === null) return 0;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? 0 : Math.min(LONGEST_PAUSE_SECONDS, Math.max(0, Math.ceil(seconds)));
}
