import { locale } from '../words/language.ts';

/** A moment as a person writes it, to the minute. */
export const moment = (at: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** The time of a moment of today, to the second. */
export const timeOf = (at: Date): string => new Intl.DateTimeFormat(locale.value, { timeStyle: 'medium' }).format(at);
