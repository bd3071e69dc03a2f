import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventOf } from '../../shared/events.ts';
import { type Delivery, type Hook, isClosed, type ShownHook } from '../../shared/hooks.ts';
import { hookKeys } from '../../shared/keys.ts';
import { notPublicFault } from '../../shared/public-address.ts';
import { deliveryNotes, findDelivery, readDelivery } from '../../storage/deliveries.ts';
import { allHooks, findHook, keepHook, removeHook } from '../../storage/hooks.ts';
import type { Store } from '../../storage/store.ts';
import { Problem } from '../problem.ts';
import type { Handler } from './call.ts';
import { pageOf } from './cursor.ts';

/** All are called at once when a job ends. */
const MOST_HOOKS = 100;
const SECRET_BYTES = 32;
/** A pod of `notify` may have to be started for it, and whoever is called has ten seconds. */
const LONGEST_TEST_MS = 60_000;
const LOOK_MS = 200;

export const createHook: Handler<'createHook'> = async ({ store, config, body, header }) => {
  const url = new URL(body.url);
  const fault = config.MONTAGE_HOOKS_PRIVATE === 'allow' ? null : notPublicFault(url);
  if (fault) throw new Problem(400, `url: ${fault}`);
  const id = hookId(header('Idempotency-Key') ?? randomUUID());
  const hooks = await allHooks(store);
  if (hooks.length >= MOST_HOOKS && !hooks.some((hook) => hook.id === id))
    throw new Problem(409, `There are ${MOST_HOOKS} hooks already: remove one that nobody needs`);
  const { hook, isNew } = await keepHook(store, {
    id,
    url: url.href,
    secret: body.secret ?? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    states: [...new Set(body.states)],
    createdAt: new Date().toISOString(),
  });
  return { status: isNew ? 201 : 200, body: { ...shown(hook), secret: hook.secret } };
};

export const listHooks: Handler<'listHooks'> = async ({ store }) => ({
  status: 200,
  body: { hooks: (await allHooks(store)).map(shown) },
});

export const showHook: Handler<'showHook'> = async ({ store, parameters: { hook } }) => ({
  status: 200,
  body: shown(await hookNamed(store, hook)),
});

export const deleteHook: Handler<'deleteHook'> = async ({ store, parameters: { hook } }) => {
  if (!(await removeHook(store, hook))) throw new Problem(404, `There is no hook ${hook}`);
  return { status: 204 };
};

/** Also of a hook that was ended by whoever it called: that is where it is seen. */
export const listDeliveries: Handler<'listDeliveries'> = async ({ store, parameters: { hook }, query }) => {
  const notes = await deliveryNotes(store, hook);
  if (notes.length === 0) await hookNamed(store, hook);
  const { items, next } = pageOf(notes, newestFirst, query);
  const read = await Promise.all(items.map(({ key }) => readDelivery(store, key)));
  return { status: 200, body: { deliveries: read.filter((delivery) => delivery !== null), next } };
};

/** The test is an object, as everything is that wakes a function: the very way that news of jobs goes. */
export const testHook: Handler<'testHook'> = async ({ store, parameters: { hook } }) => {
  await hookNamed(store, hook);
  const made = await store.putOnce('jobs', hookKeys.test(hook, randomUUID()), '{}');
  const event = made && eventOf(made, made.lastModified);
  if (!event) throw new Error(`The test of ${hook} could not be written down`);
  return { status: 200, body: await closedDelivery(store, hook, event.id) };
};

async function closedDelivery(store: Store, hook: string, event: string): Promise<Delivery> {
  for (const end = Date.now() + LONGEST_TEST_MS; Date.now() < end; await sleep(LOOK_MS)) {
    const noted = await findDelivery(store, hook, event);
    if (noted && isClosed(noted.delivery)) return noted.delivery;
  }
  throw new Problem(
    504,
    `Nothing has come of it within ${LONGEST_TEST_MS / 1000} s; its deliveries may say more later`,
  );
}

async function hookNamed(store: Store, id: string): Promise<Hook> {
  const hook = await findHook(store, id);
  if (!hook) throw new Problem(404, `There is no hook ${id}`);
  return hook;
}

const shown = ({ id, url, states, createdAt }: Hook): ShownHook => ({ id, url, states, createdAt });

/** The same identity gives the same hook, so that whoever lost the answer asks again. */
const hookId = (identity: string): string => `hook-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;

/** Names in whose order the delivery that something happened to last comes first. */
const newestFirst = ({ key, lastModified }: { key: string; lastModified: Date }): string =>
  `${String(Number.MAX_SAFE_INTEGER - lastModified.getTime()).padStart(16, '0')}/${key.slice(-37)}`;
