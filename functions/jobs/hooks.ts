import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationId } from '../../shared/api/operations.ts';
import { eventOf } from '../../shared/events.ts';
import { type Delivery, type Hook, isClosed, type ShownHook } from '../../shared/hooks.ts';
import { hookKeys } from '../../shared/keys.ts';
import type { Owner } from '../../shared/owner.ts';
import { notPublicFault } from '../../shared/public-address.ts';
import { deliveryNotes, findDelivery, readDelivery } from '../../storage/deliveries.ts';
import { allHooks, findHook, keepHook, removeHook } from '../../storage/hooks.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Call, Handler } from './call.ts';
import { pageOf } from './cursor.ts';

/** All are called at once when a job ends. */
const MOST_HOOKS = 100;
const SECRET_BYTES = 32;
/** A pod of `notify` may have to be started for it, and whoever is called has ten seconds. */
const LONGEST_TEST_MS = 60_000;
const LOOK_MS = 200;

export const createHook: Handler<'createHook'> = async ({ store, config, user, body, header }) => {
  const url = new URL(body.url);
  const fault = config.MONTAGE_HOOKS_PRIVATE === 'allow' ? null : notPublicFault(url);
  if (fault) throw new Problem(400, `url: ${fault}`);
  const owner = user?.owner ?? null;
  const id = hookId(owner, header('Idempotency-Key') ?? randomUUID());
  const hooks = await hooksOf({ store, user });
  if (hooks.length >= MOST_HOOKS && !hooks.some((hook) => hook.id === id))
    throw new Problem(409, `There are ${MOST_HOOKS} hooks already: remove one that nobody needs`);
  const { hook, isNew } = await keepHook(store, {
    id,
    owner,
    url: url.href,
    secret: body.secret ?? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    states: [...new Set(body.states)],
    createdAt: new Date().toISOString(),
  });
  return { status: isNew ? 201 : 200, body: { ...shown(hook), secret: hook.secret } };
};

export const listHooks: Handler<'listHooks'> = async (call) => ({
  status: 200,
  body: { hooks: (await hooksOf(call)).map(shown) },
});

export const showHook: Handler<'showHook'> = async (call) => ({
  status: 200,
  body: shown(await hookNamed(call)),
});

export const deleteHook: Handler<'deleteHook'> = async (call) => {
  const { store, parameters } = call;
  const { hook } = parameters;
  if (!seesAll(call)) await hookNamed(call);
  if (!(await removeHook(store, hook))) throw new Problem(404, `There is no hook ${hook}`);
  return { status: 204 };
};

/** Also of a hook that was ended by whoever it called: that is where it is seen. */
export const listDeliveries: Handler<'listDeliveries'> = async (call) => {
  const { store, parameters, query } = call;
  const notes = await deliveryNotes(store, parameters.hook);
  // Of one that was ended, nothing says any more whose it was.
  if (notes.length === 0 || !seesAll(call)) await hookNamed(call);
  const { items, next } = pageOf(notes, newestFirst, query);
  const read = await Promise.all(items.map(({ key }) => readDelivery(store, key)));
  return { status: 200, body: { deliveries: read.filter((delivery) => delivery !== null), next } };
};

/** The test is an object, as everything is that wakes a function: the very way that news of jobs goes. */
export const testHook: Handler<'testHook'> = async (call) => {
  const { store } = call;
  const { id: hook } = await hookNamed(call);
  const made = await store.putOnce('jobs', hookKeys.test(hook, randomUUID()), '{}');
  const event = made && eventOf(made, made.lastModified);
  if (!event) throw new Error(`The test of ${hook} could not be written down`);
  return { status: 200, body: await closedDelivery(store, hook, event.id) };
};

async function closedDelivery(store: Store, hook: string, event: string): Promise<Delivery> {
  for (const end = Date.now() + LONGEST_TEST_MS; Date.now() < end; await sleep(LOOK_MS)) {
    // Before the delivery is looked for: whoever is called may end the hook by what they answer.
    const isThere = (await findHook(store, hook)) !== null;
    const noted = await findDelivery(store, hook, event);
    if (noted && isClosed(noted.delivery)) return noted.delivery;
    if (!isThere) throw new Problem(404, `The hook ${hook} was ended while it was tested`);
  }
  throw new Problem(
    504,
    `Nothing has come of it within ${LONGEST_TEST_MS / 1000} s; its deliveries may say more later`,
  );
}

type Asked = Pick<Call<OperationId>, 'store' | 'user'>;

const seesAll = ({ user }: Asked): boolean => user?.owner === null;
/** Those that are told of everybody's jobs, made by whoever has everything or when nobody was asked who they are, are operators' too. */
const isTheirs = (hook: Hook, { user }: Asked): boolean =>
  user?.owner === null || hook.owner === user?.owner || (user?.operator === true && hook.owner === null);

const hooksOf = async (call: Asked): Promise<Hook[]> =>
  (await allHooks(call.store)).filter((hook) => isTheirs(hook, call));

async function hookNamed(call: Asked & { parameters: { hook: string } }): Promise<Hook> {
  const id = call.parameters.hook;
  const hook = await findHook(call.store, id);
  if (!hook || !isTheirs(hook, call)) throw new Problem(404, `There is no hook ${id}`);
  return hook;
}

const shown = ({ id, url, states, createdAt }: Hook): ShownHook => ({ id, url, states, createdAt });

/** The same identity gives the same hook of a person, so that whoever lost the answer asks again. */
function hookId(owner: Owner | null, identity: string): string {
  const digest = createHash('sha256').update(owner === null ? identity : JSON.stringify([owner, identity]));
  return `hook-${digest.digest('hex').slice(0, 12)}`;
}

/** Names in whose order the delivery that something happened to last comes first. */
const newestFirst = ({ key, lastModified }: { key: string; lastModified: Date }): string =>
  `${String(Number.MAX_SAFE_INTEGER - lastModified.getTime()).padStart(16, '0')}/${key.slice(-37)}`;
