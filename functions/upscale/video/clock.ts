import type { Film } from './film.ts';

/** Longer than anybody waits for a film; what hangs is ended by then. */
export const TIME_LIMIT_SECONDS = 14 * 24 * 3600;

/**
 * Two days: farther before zero no clock starts, not even one that is counted back from where a broadcast's runs over.
 */
const LEAD_SECONDS = 2 * 24 * 3600;

/** By how much times in NUT, which has none below zero, are ahead: whole ticks and whole seconds at once. */
export function clockLead({ timeBase }: Pick<Film, 'timeBase'>): { ticks: number; seconds: number } {
  return { ticks: LEAD_SECONDS * timeBase.den, seconds: LEAD_SECONDS * timeBase.num };
}
