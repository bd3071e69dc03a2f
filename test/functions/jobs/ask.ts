import { answer } from '../../../functions/jobs/answer.ts';
import { findRoute } from '../../../functions/jobs/routes.ts';
import { Limits } from '../../../functions/jobs/sign-in/limits.ts';
import type { Answered, OperationId } from '../../../shared/api/operations.ts';
import { readConfig } from '../../../shared/config.ts';
import type { Store } from '../../../storage/store.ts';

/** Has the API answer as if `path` (with its query) had been asked for by HTTP. */
export async function ask(
  store: Store,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  settings: Record<string, string> = {},
  now = new Date(),
): Promise<Answered<OperationId>> {
  const [bare = '', search = ''] = path.split('?');
  const { route } = findRoute(method, bare);
  if (!route) throw new Error(`no route ${method} ${path}`);
  const query = Object.fromEntries(new URLSearchParams(search));
  const config = readConfig(settings);
  const asked = { store, config, limits: new Limits(config), method, query, body: async () => body, now };
  return answer(route, { ...asked, header: (name) => headers[name] });
}
