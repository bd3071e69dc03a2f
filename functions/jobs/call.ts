import type { Answered, OperationId, Request } from '../../shared/api/operations.ts';
import type { Config } from '../../shared/config.ts';
import type { Store } from '../../storage/store.ts';

/** A request to the API, checked, as the handler of its operation gets it. */
export interface Call<Id extends OperationId> extends Request<Id> {
  store: Store;
  config: Config;
  header(name: string): string | undefined;
  /** When it was asked. */
  now: Date;
}

/** One small function an operation. What can't be answered as asked is thrown as a `Problem` or a `Refusal`. */
export type Handler<Id extends OperationId> = (call: Call<Id>) => Promise<Answered<Id>>;
