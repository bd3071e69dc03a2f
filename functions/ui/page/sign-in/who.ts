import { computed, effect, signal } from '@preact/signals';
import type { Me } from '../../../../shared/api/me.ts';
import type { Owner } from '../../../../shared/owner.ts';
import { remember, remembered } from '../remembered.ts';

/** Who looks at the page, and how people sign in here; null until the server has said. */
export const who = signal<Me | null>(null);

/** Resolves once the server has said who looks at the page, or could not be asked: then whatever is asked next says so. */
export const known = Promise.withResolvers<void>();

/** Whether nobody is signed in where people have to be. */
export const hasToSignIn = computed(() => who.value !== null && who.value.user === null);

/** Under which the browser remembers that people have to sign in. */
const DOOR = 'door';

/** Keeps in mind whether people have to sign in here. */
export const rememberDoor = ({ signIn }: Me): void => remember(DOOR, signIn ? 'yes' : null);

/**
 * Resolves when what needs somebody who is signed in may be asked: before that it would only be turned away. Where nobody had to sign in
 * so far, nothing waits for it.
 */
export async function mayAsk(): Promise<void> {
  if (remembered(DOOR)) await known.promise;
  if (hasToSignIn.peek()) await whoIsIn();
}

/** Whoever is signed in, as soon as somebody is; where nobody has to be, everybody. */
export function whoIsIn(): Promise<NonNullable<Me['user']>> {
  const { promise, resolve } = Promise.withResolvers<NonNullable<Me['user']>>();
  const stop = effect(() => {
    if (who.value?.user) resolve(who.value.user);
  });
  return promise.finally(stop);
}

/** What whoever is signed in is told apart by. */
export const nameOfOwner = ({ owner }: NonNullable<Me['user']>): Owner | 'everybody' => owner ?? 'everybody';

/** Who was signed in in this browser last, as far as it remembers. */
export const whoWasLast = (): Owner | 'everybody' | 'unknown' => remembered('who') ?? 'unknown';
