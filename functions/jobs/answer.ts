import type { Operation, OperationId } from '../../shared/api/operations.ts';
import { asksWho, type Config } from '../../shared/config.ts';
import { Problem } from '../problem.ts';
import type { Call, Handler } from './call.ts';
import { handle, type Route } from './routes.ts';
import { callerOf } from './sign-in/caller.ts';
import { cookiesIn } from './sign-in/cookies.ts';
import type { Limits } from './sign-in/limits.ts';
import type { User } from './sign-in/user.ts';
import { viewFor } from './view.ts';

/** A request of an operation, and what it is answered with. */
interface Asked extends Pick<Call<OperationId>, 'store' | 'config' | 'header' | 'now'> {
  method: string;
  query: unknown;
  /** Read only for who may ask. */
  body: () => Promise<unknown>;
  limits: Limits;
}

/**
 * Has a request answered for whoever sends it, on the store as they have it.
 *
 * @throws {Problem} what can't be answered as asked, and why: 401 for who has to sign in first, 403 for who may not, 429 for who asks
 * too often.
 */
export async function answer(route: Route, asked: Asked): ReturnType<Handler<OperationId>> {
  const { config, header, method, now, store, limits, query } = asked;
  const { user, identity } = await callerOf({ method, header }, config, now);
  checkAccess(route.operation, user);
  const counted = asksWho(config) ? user : null;
  if (counted) await limits.countRequest(counted);
  const body = await asked.body();
  const giveBack = counted ? await limits.count(counted, route.operation, body) : async () => {};
  try {
    const answered = await handle(route, {
      store: await viewFor(store, user, route.operation),
      config,
      user,
      identity,
      cookies: cookiesIn(config, { header }),
      query,
      body,
      header,
      now,
    });
    // What was there already, where what is made is answered with 201, was counted when it was asked for.
    const wasThere = answered.status === 200 && 201 in route.operation.answers;
    if (answered.status === 202 || wasThere) await giveBack();
    return answered;
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** Whether whoever sent a request may ask for that now, for what takes long: they may have signed out, or their token expired. */
export async function mayAsk(
  operation: Operation,
  request: Parameters<typeof callerOf>[0],
  config: Config,
  now: Date,
): Promise<boolean> {
  try {
    checkAccess(operation, (await callerOf(request, config, now)).user);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

/** @throws {Problem} 401 for who hasn't signed in, 403 for who may not. */
export function checkAccess({ access }: Operation, user: User | null): void {
  if (access === 'anyone') return;
  if (!user) throw new Problem(401, 'Sign in first, or send a token (the command line: MONTAGE_TOKEN)');
  if (access === 'operator' && !user.operator) throw new Problem(403, 'This is for operators');
}
