import { Away, Client } from '../../../shared/api/client.ts';
import { sentenceOf } from '../../../shared/refusal.ts';
import { words } from './words/language.ts';

/** The Montage that gave this page. */
export const client = new Client(location.origin);

/** Whether nobody answered: then it may well be answered later. */
export const isAway = (error: unknown) => error instanceof Away;

/** Why something could not be done, in one sentence. */
export const sentence = (error: unknown) => (isAway(error) ? words.value.away : sentenceOf(error));
