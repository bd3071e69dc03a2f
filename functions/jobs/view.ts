import type { Operation } from '../../shared/api/operations.ts';
import { ownedBy } from '../../storage/owned.ts';
import { remembering } from '../../storage/remembering.ts';
import type { Store } from '../../storage/store.ts';
import type { User } from './sign-in/user.ts';

/** The views of a hundred people are kept, with what was remembered of the store in them. */
const viewOf = remembering(
  100,
  (owner: string) => owner,
  async (store, owner) => ownedBy(store, owner),
);

/**
 * The store as an operation has it for whoever asks: theirs alone. What is for anyone leads only where whoever has its token may go;
 * operators look after all jobs, so of one that they name they see all.
 */
export async function viewFor(store: Store, user: User | null, { access, parameters }: Operation): Promise<Store> {
  if (access !== undefined || !user || user.owner === null) return store;
  if (user.operator && parameters && 'job' in parameters.shape) return store;
  return viewOf(store, user.owner);
}
