/** Woken by a delivery that ran out of retries: records in the job what could not be done, so that a person can retry it. */
import { sentenceOf } from '../../shared/refusal.ts';
import { wokenBy } from '../woken.ts';
import { recordDeadLetter } from './record.ts';

wokenBy('dead-letter', async (object, { store, lastAnswer }) => {
  if (object) await recordDeadLetter(store, object, lastAnswer && sentenceOf(lastAnswer));
});
