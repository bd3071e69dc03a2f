import { randomUUID } from 'node:crypto';
import type { Attempt, Delivery, HookState, ShownHook } from '../../shared/hooks.ts';
import { Refusal } from '../../shared/refusal.ts';
import { type CommonOptions, openSession } from './session.ts';

const print = (value: object, words: string, { json }: CommonOptions): void => {
  process.stdout.write(`${json ? JSON.stringify(value) : words}\n`);
};

const hookInWords = ({ id, url, states }: ShownHook): string => `${id}  ${states.join(' ')}  ${url}`;

/** Has a URL called when jobs end. Its secret is printed now and never again. */
export async function addHook(url: string, options: CommonOptions & { state?: HookState[] }): Promise<void> {
  await using session = await openSession(options, { works: false });
  const { state: states, ...common } = options;
  const hook = await session.client.addHook({ url, ...(states ? { states } : {}) }, randomUUID());
  print(
    hook,
    `${hookInWords(hook)}\nIts calls are signed with this secret, which is not shown again: ${hook.secret}`,
    common,
  );
}

export async function listHooks(options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  const hooks = await session.client.hooks();
  if (hooks.length === 0 && !options.json && !options.quiet) process.stderr.write('There are no hooks yet\n');
  for (const hook of hooks) print(hook, hookInWords(hook), options);
}

export async function removeHook(id: string, options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  await session.client.removeHook(id);
  if (!options.quiet && !options.json) process.stderr.write(`${id} is not called any more\n`);
}

/**
 * Calls a hook once, by the functions that do it for jobs: without a server nobody else would.
 *
 * @throws {Refusal} when it wasn't told.
 */
export async function testHook(id: string, options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: true });
  const delivery = await session.client.testHook(id);
  print(delivery, deliveryInWords(delivery), options);
  if (delivery.state !== 'delivered')
    throw new Refusal(`The hook could not be called: ${delivery.attempts.at(-1)?.reason}`);
}

export async function listDeliveries(id: string, options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  const deliveries = await session.client.deliveries(id);
  if (deliveries.length === 0 && !options.json && !options.quiet) process.stderr.write('It was told nothing yet\n');
  for (const delivery of deliveries) print(delivery, deliveryInWords(delivery), options);
}

/** What it was about, then each try in a line of its own. */
export function deliveryInWords({ job, revision, type, state, until, attempts }: Delivery): string {
  const what = type.replace(/^ai\.montage\./, '');
  const standing = state === 'waiting' ? `waiting until ${until}` : state;
  const head = [job === null ? null : `${job} r${revision}`, what, standing].filter((part) => part !== null).join('  ');
  return [head, ...attempts.map((attempt, i) => `  ${i + 1}  ${attemptInWords(attempt)}`)].join('\n');
}

const attemptInWords = ({ at, milliseconds, status, reason }: Attempt): string =>
  `${at}  ${milliseconds} ms  ${reason ?? `It answered ${status}`}`;
