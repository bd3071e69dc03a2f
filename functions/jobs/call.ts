import type { Answered, OperationId, Request } from '../../shared/api/operations.ts';
import type { Config } from '../../shared/config.ts';
import type { Store } from '../../storage/store.ts';
import type { Cookie, Cookies } from './sign-in/cookies.ts';
import type { Identity, User } from './sign-in/user.ts';

/** A request to the API, checked, as the handler of its operation gets it. */
export interface Call<Id extends OperationId> extends Request<Id> {
  /** As whoever asks has it: what belongs to others isn't there. */
  store: Store;
  config: Config;
  header(name: string): string | undefined;
  /** Who asks; null for who hasn't signed in, where the operation is for anyone. */
  user: User | null;
  /** Whom a token can be made for. */
  identity: Identity | null;
  cookies: Cookies;
  /** When it was asked. */
  now: Date;
}

/** One small function an operation. What can't be answered as asked is thrown as a `Problem` or a `Refusal`. */
export type Handler<Id extends OperationId> = (call: Call<Id>) => Promise<Answered<Id> & { cookies?: Cookie[] }>;
