import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LeaseSchema } from '../../shared/job.ts';
import { cacheKeys } from '../../shared/keys.ts';
import { takeLease } from '../../storage/lease.ts';
import type { Store } from '../../storage/store.ts';
import { describeBothStores } from './stores.ts';

const key = (item: string) => cacheKeys.lease('render', item);
const leaseOf = async (store: Store, item: string) =>
  LeaseSchema.parse(JSON.parse((await store.read('cache', key(item))).toString()));
const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason));
  });
const later = (milliseconds: number) => () => Date.now() + milliseconds;

describeBothStores('A lease', (store) => {
  it('is had by exactly one of twenty takers at once, whether there is none, an expired or a given back one', async () => {
    const take = (item: string, holder: string, now?: () => number) =>
      takeLease(store(), 'render', item, holder, now ? { now } : {});
    await store().putOnce(
      'cache',
      key('expired'),
      JSON.stringify({ holder: 'dead', expiresAt: '2020-01-01T00:00:00Z' }),
    );
    await (await take('returned', 'first'))?.giveBack();
    for (const item of ['none', 'expired', 'returned']) {
      const taken = await Promise.all(Array.from({ length: 20 }, (_, i) => take(item, `taker ${i}`)));
      const winner = taken.findIndex((lease) => lease !== null);
      expect(taken.filter((lease) => lease !== null)).toHaveLength(1);
      expect((await leaseOf(store(), item)).holder).toBe(`taker ${winner}`);
      await taken[winner]?.done();
    }
  });

  it('stands until it is done, and then is gone', async () => {
    const lease = await takeLease(store(), 'render', 'done', 'a');
    expect(await takeLease(store(), 'render', 'done', 'b')).toBeNull();
    expect(await takeLease(store(), 'assemble', 'done', 'b')).not.toBeNull();
    await lease?.done();
    expect(await store().stat('cache', key('done'))).toBeNull();
    const next = await takeLease(store(), 'render', 'done', 'b');
    expect(next?.signal.aborted).toBe(false);
    await next?.done();
  });

  it('can be taken at once when it was given back, and still says until when the work was in hand', async () => {
    const lease = await takeLease(store(), 'render', 'back', 'a');
    const before = await leaseOf(store(), 'back');
    await lease?.giveBack();
    expect(await leaseOf(store(), 'back')).toEqual({ ...before, released: true });
    expect(await takeLease(store(), 'render', 'back', 'b')).not.toBeNull();
  });

  it('of a holder that died is taken over when it has run out, not before', async () => {
    const expiresAt = new Date(Date.now() + 15_000).toISOString();
    await store().putOnce('cache', key('dead'), JSON.stringify({ holder: 'dead', expiresAt }));
    expect(await takeLease(store(), 'render', 'dead', 'b', { now: later(14_000) })).toBeNull();
    expect(await takeLease(store(), 'render', 'dead', 'b', { now: later(16_000) })).not.toBeNull();
    expect((await leaseOf(store(), 'dead')).holder).toBe('b');
  });

  it('is waited for by who was told to do the very same again: taken over when its holder is dead, left alone when it lives or is done', async () => {
    const again = (item: string) => takeLease(store(), 'render', item, 'again', { reason: 'request 1' });
    const expiresAt = new Date(Date.now() + 2500).toISOString();
    const dead = JSON.stringify({ holder: 'dead', reason: 'request 1', expiresAt });
    for (const item of ['mine', 'theirs']) await store().putOnce('cache', key(item), dead);
    const alive = await takeLease(store(), 'render', 'alive', 'a', { reason: 'request 1', renewSeconds: 0.5 });
    const soon = await takeLease(store(), 'render', 'soon', 'a', { reason: 'request 1' });
    const ended = sleep(500).then(() => soon?.done());
    const [mine, theirs, ofAlive, ofDone] = await Promise.all([
      again('mine'),
      takeLease(store(), 'render', 'theirs', 'b', { reason: 'request 2' }),
      again('alive'),
      again('soon'),
    ]);
    expect(mine).not.toBeNull();
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect([theirs, ofAlive, ofDone]).toEqual([null, null, null]);
    expect(alive?.signal.aborted).toBe(false);
    await Promise.all([ended, alive?.done(), mine?.done()]);
  });

  it('that nobody can read holds nobody up', async () => {
    await store().putOnce('cache', key('garbage'), 'no json');
    await store().putOnce('cache', key('other'), '{"owner":"another version"}');
    for (const item of ['garbage', 'other']) {
      expect(await takeLease(store(), 'render', item, 'b')).not.toBeNull();
      expect((await leaseOf(store(), item)).holder).toBe('b');
    }
  });

  it('is renewed while the work goes on', async () => {
    const lease = await takeLease(store(), 'render', 'renewed', 'a', { seconds: 15, renewSeconds: 0.1 });
    const first = (await leaseOf(store(), 'renewed')).expiresAt;
    while ((await leaseOf(store(), 'renewed')).expiresAt === first) await sleep(50);
    expect((await leaseOf(store(), 'renewed')).expiresAt > first).toBe(true);
    await lease?.done();
    expect(await store().stat('cache', key('renewed'))).toBeNull();
  });

  it('tells its holder when somebody else has taken it over, and then leaves the other one alone', async () => {
    const slow = await takeLease(store(), 'render', 'lost', 'slow', { renewSeconds: 0.3 });
    const quick = await takeLease(store(), 'render', 'lost', 'quick', { now: later(60_000) });
    expect(quick).not.toBeNull();
    if (!slow) throw new Error('the first taker got no lease');
    expect(await aborted(slow.signal)).toBeInstanceOf(Error);
    await slow.done();
    await slow.giveBack();
    expect(await leaseOf(store(), 'lost')).toMatchObject({ holder: 'quick', released: false });
    await quick?.done();
  });
});
