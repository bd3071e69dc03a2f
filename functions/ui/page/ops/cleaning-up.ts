import { type Signal, signal } from '@preact/signals';
import type { Cleaned } from '../../../../shared/api/ops.ts';
import { say } from '../said.ts';
import { client, sentence } from '../server.ts';
import { askAgain } from './ops-news.ts';

/** What can be cleaned. */
export type Kind = 'segments' | 'jobs';

/** How far the cleaning of one kind is: numbers are of what would go, has gone so far, or has gone. */
export type Cleaning =
  | { at: 'rest' }
  | { at: 'counting' }
  | { at: 'counted' | 'cleaning' | 'cleaned'; olderThanDays: number; amount: Cleaned };

/** Each kind's cleaning. */
export const cleaning: Readonly<Record<Kind, Signal<Cleaning>>> = {
  segments: signal({ at: 'rest' }),
  jobs: signal({ at: 'rest' }),
};

const NOTHING: Cleaned = { jobs: 0, objects: 0, bytes: 0, more: false };

/** Counts what would go. */
export async function count(what: Kind, olderThanDays: number): Promise<void> {
  const state = cleaning[what];
  state.value = { at: 'counting' };
  try {
    state.value = { at: 'counted', olderThanDays, amount: await client.clean({ what, olderThanDays, dryRun: true }) };
  } catch (error) {
    state.value = { at: 'rest' };
    say(sentence(error));
  }
}

/** Deletes it, call by call until there is no more of it. */
export async function clean(what: Kind, olderThanDays: number): Promise<void> {
  const state = cleaning[what];
  let amount = NOTHING;
  try {
    for (let more = true; more; ) {
      state.value = { at: 'cleaning', olderThanDays, amount };
      const gone = await client.clean({ what, olderThanDays, dryRun: false });
      amount = sum(amount, gone);
      more = gone.more;
    }
  } catch (error) {
    say(sentence(error));
  }
  state.value = { at: 'cleaned', olderThanDays, amount };
  await askAgain();
}

const sum = (a: Cleaned, b: Cleaned): Cleaned => ({
  jobs: a.jobs + b.jobs,
  objects: a.objects + b.objects,
  bytes: a.bytes + b.bytes,
  more: b.more,
});
