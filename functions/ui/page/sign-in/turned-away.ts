import { signal } from '@preact/signals';
import { Refused } from '../../../../shared/api/client.ts';

/** Whether the server has turned something away because nobody is signed in, or nobody any more. */
export const isTurnedAway = signal(false);

const PAUSE_MS = 1000;

let entry = Promise.withResolvers<void>();

/** Asks, and where that is turned away, again once somebody has signed in: whoever asks has but to wait, and goes on from there. */
export async function onceLetIn<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refused && error.status === 401)) throw error;
      isTurnedAway.value = true;
      await entry.promise;
      // Two servers that don't agree on who is in aren't asked without a pause.
      if (tries > 1) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Somebody has signed in. */
export function letIn(): void {
  isTurnedAway.value = false;
  entry.resolve();
  entry = Promise.withResolvers();
}
