import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { tell } from '../../../functions/notify/tell.ts';
import { PAUSES_SECONDS } from '../../../functions/notify/verdict.ts';
import { eventOf } from '../../../shared/events.ts';
import { type Delivery, type Hook, HookEventSchema, type HookState } from '../../../shared/hooks.ts';
import { hookKeys, jobRequestKey, outputKeys, revisionKeys } from '../../../shared/keys.ts';
import { deliveryNotes, noteDelivery, readDelivery } from '../../../storage/deliveries.ts';
import { findHook, keepHook, removeHook } from '../../../storage/hooks.ts';
import type { ObjectInfo } from '../../../storage/store.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { Receiver } from './receiver.ts';

const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
const config = { MONTAGE_PUBLIC_URL: 'http://montage.lan', MONTAGE_HOOKS_PRIVATE: 'allow' } as const;
let made = 0;

describeBothStores('Hooks', (store) => {
  const hooked = async (url: string, states: HookState[] = ['completed', 'failed']): Promise<Hook> => {
    made += 1;
    const id = `hook-${String(made).padStart(12, '0')}`;
    const createdAt = new Date().toISOString();
    return (await keepHook(store(), { id, owner: null, url, secret: SECRET, states, createdAt })).hook;
  };
  /** A job that has ended; the object that says so. */
  const ended = async (what: 'done' | 'cancelled' | 'failed'): Promise<ObjectInfo> => {
    made += 1;
    const job = `job-${made}`;
    await store().putOnce('jobs', jobRequestKey(job), JSON.stringify({ footageSet: 'holiday', title: 'Our holiday' }));
    await store().putOnce('output', outputKeys(job, 1).montage, 'video');
    const keys = revisionKeys(job, 1);
    const key = what === 'failed' ? keys.failed(1) : keys[what];
    const body = what === 'failed' ? { stage: 'plan', reason: 'The song is too short.' } : {};
    return (await store().putOnce('jobs', key, JSON.stringify(body))) as ObjectInfo;
  };
  const told = (object: ObjectInfo) => tell(store(), object, { config });
  const log = async (hook: Hook) => {
    const notes = await deliveryNotes(store(), hook.id);
    return (await Promise.all(notes.map(({ key }) => readDelivery(store(), key)))).filter((one) => one !== null);
  };
  /** As if somebody else had noted that. */
  const noted = (hook: Hook, object: ObjectInfo, delivery: Pick<Delivery, 'state' | 'until' | 'attempts'>) => {
    const event = eventOf(object, object.lastModified);
    const about = { event: event?.id ?? '', type: event?.type ?? '', job: event?.job ?? null, revision: 1 };
    return noteDelivery(store(), hook.id, { ...about, ...delivery }, null);
  };
  /** A hook for one test alone. */
  async function withHook(
    receiver: Receiver,
    claim: (hook: Hook) => Promise<void>,
    states?: HookState[],
  ): Promise<void> {
    const hook = await hooked(receiver.url, states);
    try {
      await claim(hook);
    } finally {
      await removeHook(store(), hook.id);
    }
  }

  it('get a signed CloudEvent of a job that is done, with its files', async () => {
    await using receiver = await Receiver.start({ status: 204 });
    await withHook(receiver, async (hook) => {
      const done = await ended('done');
      await told(done);
      const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
      const event = eventOf(done, done.lastModified);
      expect(headers['content-type']).toContain('application/cloudevents+json');
      expect(headers['webhook-id']).toBe(event?.id);
      const verified = new Webhook(SECRET).verify(body, headers as Record<string, string>);
      const job = done.key.split('/')[0];
      expect(HookEventSchema.parse(verified)).toMatchObject({
        specversion: '1.0',
        id: event?.id,
        source: '/buckets/jobs',
        type: 'ai.montage.job.completed',
        subject: done.key,
        job,
        data: {
          job,
          revision: 1,
          state: 'completed',
          footageSet: 'holiday',
          title: 'Our holiday',
          failure: null,
          outputs: [
            { file: 'montage.mp4', bytes: 5, url: `http://montage.lan/v1/jobs/${job}/output/montage.mp4?revision=1` },
          ],
        },
      });
      const tampered = body.replace('"completed"', '"failed"');
      expect(tampered).not.toBe(body);
      expect(() => new Webhook(SECRET).verify(tampered, headers as Record<string, string>)).toThrow('No matching');
      const another = `whsec_${Buffer.alloc(24).toString('base64')}`;
      expect(() => new Webhook(another).verify(body, headers as Record<string, string>)).toThrow('No matching');
      expect(await log(hook)).toMatchObject([
        { event: event?.id, job, revision: 1, state: 'delivered', attempts: [{ status: 204, reason: null }] },
      ]);
    });
  });

  it('get the reason of a job that failed, and only what they ask for, of what came after them', async () => {
    await using receiver = await Receiver.start({ status: 200 });
    const before = await ended('failed');
    await sleep(1100);
    await withHook(receiver, async () => {
      const after = [await ended('failed'), await ended('done'), await ended('cancelled')];
      for (const object of [before, ...after]) await told(object);
      expect(receiver.received.map(({ body }) => HookEventSchema.parse(JSON.parse(body)).data)).toMatchObject([
        { state: 'failed', failure: { stage: 'plan', reason: 'The song is too short.' }, outputs: [] },
        { state: 'cancelled' },
      ]);
    }, ['failed', 'cancelled']);
  });

  it('are told once of an event that is delivered ten times, one after the other and at once', async () => {
    await using receiver = await Receiver.start({ status: 200, afterMs: 300 });
    await withHook(receiver, async (hook) => {
      const done = await ended('done');
      await Promise.all(Array.from({ length: 5 }, () => told(done)));
      for (let i = 0; i < 5; i += 1) await told(done);
      expect(receiver.received.length).toBe(1);
      expect(await log(hook)).toMatchObject([{ state: 'delivered', attempts: [{}] }]);
    });
  });

  it('are told again after trouble of theirs, under the same id, and each try is noted', async () => {
    await using receiver = await Receiver.start({ status: 500, body: 'out of order' }, { status: 200 });
    await withHook(receiver, async (hook) => {
      const done = await ended('done');
      await expect(told(done)).rejects.toThrow('1 of 1 hooks could not be told yet: It answered 500: out of order');
      await told(done);
      await told(done);
      expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(receiver.received.length).toBe(2);
      expect(await log(hook)).toMatchObject([
        {
          state: 'delivered',
          attempts: [
            { status: 500, reason: 'It answered 500: out of order' },
            { status: 200, reason: null },
          ],
        },
      ]);
    });
  });

  it('are tried once by many at once that find trouble: one of them has the broker come again', async () => {
    await using receiver = await Receiver.start({ status: 503, afterMs: 300 });
    await withHook(receiver, async () => {
      const done = await ended('done');
      const all = await Promise.allSettled(Array.from({ length: 5 }, () => told(done)));
      expect(all.filter(({ status }) => status === 'rejected').length).toBe(1);
      expect(receiver.received.length).toBe(1);
    });
  });

  it('are told by another one once whoever was about to is gone, and not while that may live', async () => {
    await using receiver = await Receiver.start({ status: 200 });
    await withHook(receiver, async (hook) => {
      const done = await ended('done');
      const until = Date.now() + 1500;
      await noted(hook, done, { state: 'sending', until: new Date(until).toISOString(), attempts: [] });
      await told(done);
      expect(Date.now()).toBeGreaterThanOrEqual(until);
      expect(receiver.received.length).toBe(1);
    });
  });

  it('are given up on after the last try of all, and the broker is not asked to come again', async () => {
    await using receiver = await Receiver.start({ status: 503 });
    await withHook(receiver, async (hook) => {
      const done = await ended('done');
      const attempt = { at: new Date(0).toISOString(), milliseconds: 1, status: 503, reason: 'It answered 503' };
      const attempts = PAUSES_SECONDS.map(() => attempt);
      await noted(hook, done, { state: 'waiting', until: new Date(0).toISOString(), attempts });
      await told(done);
      expect(await log(hook)).toMatchObject([{ state: 'given up', until: null }]);
      await told(done);
      expect(receiver.received.length).toBe(1);
    });
  });

  it('that can not be told hold up no other, which is told no second time', async () => {
    await using well = await Receiver.start({ status: 200 });
    await withHook(well, async () => {
      const away = await hooked('http://127.0.0.1:1/');
      const done = await ended('done');
      await expect(told(done)).rejects.toThrow('1 of 2 hooks could not be told yet: Nobody listens there');
      await expect(told(done)).rejects.toThrow('1 of 2 hooks');
      expect(well.received.length).toBe(1);
      expect(await log(away)).toMatchObject([{ state: 'waiting', attempts: [{ status: null }, { status: null }] }]);
      await removeHook(store(), away.id);
    });
  });

  it('that ask for a long pause are left to the timer: the broker is not asked to come again', async () => {
    await using receiver = await Receiver.start({ status: 429, headers: { 'retry-after': '3600' } });
    await withHook(receiver, async (hook) => {
      const done = await ended('done');
      for (let i = 0; i < 3; i += 1) await told(done);
      expect(receiver.received.length).toBe(1);
      const [delivery] = await log(hook);
      expect(delivery).toMatchObject({ state: 'waiting', attempts: [{ status: 429 }] });
      expect(Date.parse(delivery?.until ?? '') - Date.now()).toBeGreaterThan(3_500_000);
    });
  });

  it('that answer 410 are told nothing any more, and what they were told stays', async () => {
    await using receiver = await Receiver.start({ status: 410 });
    await withHook(receiver, async (hook) => {
      for (let i = 0; i < 2; i += 1) await told(await ended('done'));
      expect(receiver.received.length).toBe(1);
      expect(await findHook(store(), hook.id)).toBeNull();
      expect(await log(hook)).toMatchObject([{ state: 'given up', attempts: [{ status: 410 }] }]);
    });
  });

  it('that redirect are given up on, and where they lead is not called', async () => {
    await using inner = await Receiver.start({ status: 200 });
    await using receiver = await Receiver.start({ status: 307, headers: { location: inner.url } });
    await withHook(receiver, async (hook) => {
      await told(await ended('done'));
      expect(inner.connections).toBe(0);
      expect(await log(hook)).toMatchObject([
        { state: 'given up', attempts: [{ reason: expect.stringContaining('not followed') }] },
      ]);
    });
  });

  it('that lead to this machine are not called unless that is allowed, and the note says what allows it', async () => {
    await using receiver = await Receiver.start({ status: 200 });
    await withHook(receiver, async (hook) => {
      await tell(store(), await ended('done'), { config: { ...config, MONTAGE_HOOKS_PRIVATE: 'refuse' } });
      expect(receiver.connections).toBe(0);
      expect(await log(hook)).toMatchObject([
        { state: 'given up', attempts: [{ status: null, reason: expect.stringContaining('MONTAGE_HOOKS_PRIVATE') }] },
      ]);
    });
  });

  it('that are tested get an event of their own, once whatever they answer', async () => {
    await using receiver = await Receiver.start({ status: 503 });
    await withHook(receiver, async (hook) => {
      const test = (await store().putOnce('jobs', hookKeys.test(hook.id, 'one'), '{}')) as ObjectInfo;
      for (let i = 0; i < 2; i += 1) await told(test);
      expect(receiver.received.length).toBe(1);
      const [{ body, headers } = { body: '', headers: {} }] = receiver.received;
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'ai.montage.hook.tested',
        data: { hook: hook.id },
      });
      expect(await log(hook)).toMatchObject([{ state: 'given up', job: null, attempts: [{ status: 503 }] }]);
    });
  });

  it('hear of a job whose order can not be read, and nothing of one that was deleted', async () => {
    await using receiver = await Receiver.start({ status: 200 });
    await withHook(receiver, async () => {
      await store().putOnce('jobs', jobRequestKey('broken'), 'no JSON');
      const failure = JSON.stringify({ stage: 'reconcile', reason: 'It can not be read.' });
      const failed = (await store().putOnce('jobs', revisionKeys('broken', 1).failed(1), failure)) as ObjectInfo;
      await told(failed);
      const deleted = await ended('done');
      await store().delete('jobs', deleted.key);
      await told(deleted);
      expect(receiver.received.map(({ body }) => JSON.parse(body).data)).toMatchObject([
        { job: 'broken', title: null },
      ]);
    });
  });
});
