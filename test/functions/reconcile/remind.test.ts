import { expect, it } from 'vitest';
import { tell } from '../../../functions/notify/tell.ts';
import { lookAfterHooks } from '../../../functions/reconcile/remind.ts';
import { HOOKS, hookKeys, jobRequestKey, recognise, revisionKeys } from '../../../shared/keys.ts';
import { deliveryNotes, readDelivery } from '../../../storage/deliveries.ts';
import { keepHook } from '../../../storage/hooks.ts';
import type { ObjectInfo } from '../../../storage/store.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { Receiver } from '../notify/receiver.ts';

const config = { MONTAGE_PUBLIC_URL: undefined, MONTAGE_HOOKS_PRIVATE: 'allow' } as const;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);
const DAY_SECONDS = 24 * 3600;

describeBothStores('Hooks that were not told of a job', (store) => {
  const hooked = async (url: string) => {
    const id = 'hook-0123456789ab';
    const secret = `whsec_${btoa('x'.repeat(24))}`;
    const createdAt = new Date().toISOString();
    await keepHook(store(), { id, owner: null, url, secret, states: ['completed'], createdAt });
    return id;
  };
  const done = async (job: string) => {
    await store().putOnce('jobs', jobRequestKey(job), JSON.stringify({ footageSet: 'holiday' }));
    return (await store().putOnce('jobs', revisionKeys(job, 1).done, '{}')) as ObjectInfo;
  };
  const reminders = () => Array.fromAsync(store().list('jobs', `${HOOKS}reminders/`));
  /** What the timer finds at a time, and what becomes of that. */
  const tick = async (at: Date) => {
    await lookAfterHooks(store(), at);
    const made = await reminders();
    for (const reminder of made) {
      expect(recognise('jobs', reminder.key)?.kind.type).toBe('ai.montage.hook.reminded');
      await tell(store(), reminder, { config });
    }
    return made.length;
  };
  const log = async (hook: string) =>
    Promise.all((await deliveryNotes(store(), hook)).map(({ key }) => readDelivery(store(), key)));

  it('are told by the timer, each once, in time, and never of what was before them', async () => {
    await done('before');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await tick(inSeconds(60))).toBe(0);
    await using receiver = await Receiver.start({ status: 503, headers: { 'retry-after': '3600' } }, { status: 200 });
    const hook = await hooked(receiver.url);
    const lost = await done('lost');
    // Its event may still be on its way.
    expect(await tick(inSeconds(1))).toBe(0);
    expect(await tick(inSeconds(60))).toBe(1);
    expect(await reminders()).toEqual([]);
    expect(await log(hook)).toMatchObject([{ job: 'lost', state: 'waiting', attempts: [{ status: 503 }] }]);
    // Not before it asked for.
    expect(await tick(inSeconds(1800))).toBe(0);
    await lookAfterHooks(store(), inSeconds(4000));
    expect((await reminders()).length).toBe(1);
    // As if the hour were over.
    const [note] = await deliveryNotes(store(), hook);
    const waiting = await readDelivery(store(), note?.key ?? '');
    await store().replace(
      'jobs',
      note?.key ?? '',
      JSON.stringify({ ...waiting, until: new Date(0).toISOString() }),
      note?.etag ?? '',
    );
    expect(await tick(inSeconds(5000))).toBe(1);
    expect(receiver.received.length).toBe(2);
    expect(await log(hook)).toMatchObject([{ state: 'delivered', attempts: [{ status: 503 }, { status: 200 }] }]);
    for (const seconds of [60, 5000, DAY_SECONDS]) expect(await tick(inSeconds(seconds))).toBe(0);
    expect(receiver.received.length).toBe(2);
    // After a month nobody needs to know.
    await lookAfterHooks(store(), inSeconds(31 * DAY_SECONDS));
    expect(await log(hook)).toEqual([]);
    await store().delete('jobs', lost.key);
    await store().delete('jobs', hookKeys.hook(hook));
  });

  it('are reminded of anew, by another event, when a reminder was lost', async () => {
    const hook = await hooked('http://127.0.0.1:1/');
    await done('again');
    await lookAfterHooks(store(), inSeconds(60));
    const [first] = await reminders();
    await lookAfterHooks(store(), inSeconds(120));
    const [second, ...others] = await reminders();
    expect(others).toEqual([]);
    // Whoever hands events on may leave out one that has the id of another.
    expect(second?.etag).not.toBe(first?.etag);
    await store().delete('jobs', hookKeys.hook(hook));
  });
});
