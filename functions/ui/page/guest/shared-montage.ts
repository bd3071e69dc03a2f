import { signal } from '@preact/signals';
import { Refused } from '../../../../shared/api/client.ts';
import type { SharedMontage } from '../../../../shared/shares.ts';
import { client, sentence } from '../server.ts';
import { tokenAt } from './token.ts';

/** What the link leads to: a montage, nothing any more, a sentence of what is in the way, or null until that is known. */
export const found = signal<SharedMontage | 'gone' | { readonly trouble: string } | null>(null);

/** Asks for the montage that the address leads to. */
export async function look(): Promise<void> {
  found.value = null;
  const token = tokenAt(location.pathname);
  try {
    found.value = token === null ? 'gone' : await client.shared(token);
  } catch (error) {
    found.value = error instanceof Refused && error.status === 404 ? 'gone' : { trouble: sentence(error) };
  }
}
