import { problemIn } from '../../../functions/problem.ts';
import { Client, pathOf, Refused } from '../../../shared/api/client.ts';
import { API, type Asked, type OperationId } from '../../../shared/api/operations.ts';
import type { Store } from '../../../storage/store.ts';
import { ask } from './ask.ts';

/** The API of a store, as a client calls it, without a server between. */
export function clientOf(store: Store): Client {
  const call = async (id: OperationId, asked: Asked<OperationId>) => {
    const { body }: { body?: unknown } = asked;
    return ask(store, API[id].method, pathOf(id, asked), body).catch((error: unknown) => {
      const problem = problemIn(error);
      throw problem ? new Refused(problem.status, problem.message) : error;
    });
  };
  return Object.assign(new Client({ url: 'http://nowhere.invalid' }), { call: call as Client['call'] });
}
