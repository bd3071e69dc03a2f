import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../shared/api/client.ts';
import { DeliverySchema, type HookEvent, HookEventSchema, MadeHookSchema } from '../../shared/hooks.ts';
import { Receiver } from '../functions/notify/receiver.ts';
import { montage, type Started, start } from './command.ts';
import { makeHoliday, makeTune } from './material.ts';

let folder: string;
let holiday: string;
let tune: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-hooks-'));
  holiday = await makeHoliday(folder);
  tune = (await makeTune(folder)).path;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const env = { MONTAGE_HOOKS_PRIVATE: 'allow' };
/** What somebody got, each checked by the secret. */
const eventsOf = (receiver: Receiver, secret: string): HookEvent[] =>
  receiver.received.map(({ body, headers }) =>
    HookEventSchema.parse(new Webhook(secret).verify(body, headers as Record<string, string>)),
  );

describe('a hook on one machine', () => {
  it('is called by the command that makes a montage, once it is made', async () => {
    await using receiver = await Receiver.start({ status: 200 });
    const data = ['--data', join(folder, 'run')];
    const ask = (...words: string[]) => montage([...words, ...data], { cwd: folder, env });
    const added = await ask('hooks', 'add', receiver.url, '--json');
    const { id, secret } = MadeHookSchema.parse(JSON.parse(added.stdout));
    const words = ['run', '--footage', holiday, '--music', tune, '--quality', 'preview', '--title', 'Our holiday'];
    const ended = await ask(...words, '--duration', '4', '-o', join(folder, 'montage.mp4'));
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const events = eventsOf(receiver, secret);
    expect(events).toMatchObject([
      { type: 'ai.montage.job.completed', data: { state: 'completed', title: 'Our holiday', failure: null } },
    ]);
    const files = events.flatMap(({ data }) => ('outputs' in data ? data.outputs.map(({ file }) => file) : []));
    expect(files.sort()).toEqual(['montage.mp4', 'montage.otio', 'poster.jpg', 'report.json']);
    const said = await ask('hooks', 'deliveries', id, '--json');
    expect(DeliverySchema.parse(JSON.parse(said.stdout))).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 200 }],
    });
  });

  it('is refused unless it is allowed, in a sentence that says what allows it', async () => {
    const refused = await montage(['hooks', 'add', 'http://localhost:3000/', '--data', join(folder, 'refused')], {
      cwd: folder,
    });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^[^\n]*MONTAGE_HOOKS_PRIVATE=allow[^\n]*\n$/),
    });
  });
});

describe('a hook of a served system', () => {
  let served: Started;
  let client: Client;
  const serve = async () => {
    served = start(['serve', '--port', '0', '--data', join(folder, 'served')], { cwd: folder, env });
    const [, url = ''] = await served.until(/running at (http:\S+)/);
    client = new Client({ url });
  };
  beforeAll(serve);
  afterAll(async () => {
    served.child.kill('SIGTERM');
    await served.ended;
  });

  it('can be tested, hears of jobs that failed or were cancelled, again after trouble of its own, and not when it is removed', async () => {
    await using receiver = await Receiver.start({ status: 200 }, { status: 503 }, { status: 200 });
    const { id, secret } = await client.addHook({ url: receiver.url, states: ['failed', 'cancelled'] }, 'one');
    expect(await client.testHook(id)).toMatchObject({ state: 'delivered', attempts: [{ status: 200 }] });

    const cancelled = await client.createJob({ footageSet: 'nothing' }, 'cancelled');
    await client.cancel(cancelled.id);
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(3);
    const failed = await client.createJob(
      { footageSet: 'nothing', clips: ['nothing/a.mp4'], music: 'none.mp3' },
      'failed',
    );
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(4);
    expect(eventsOf(receiver, secret)).toMatchObject([
      { type: 'ai.montage.hook.tested' },
      { type: 'ai.montage.job.cancelled', job: cancelled.id },
      { type: 'ai.montage.job.cancelled', job: cancelled.id },
      { type: 'ai.montage.job.failed', job: failed.id, data: { failure: { reason: expect.any(String) } } },
    ]);
    const standing = async () => (await client.deliveries(id)).find(({ job }) => job === cancelled.id);
    await expect.poll(standing).toMatchObject({ state: 'delivered', attempts: [{ status: 503 }, { status: 200 }] });
    // That it answered 503 is its own trouble.
    expect(await client.job(cancelled.id)).toMatchObject({ state: 'cancelled', failure: null });

    await client.removeHook(id);
    await client.cancel((await client.createJob({ footageSet: 'nothing' }, 'unheard')).id);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(receiver.received.length).toBe(4);
    expect((await client.jobs()).length).toBe(3);
  });

  it('that nobody answered before the system was killed hears of it from the next one', async () => {
    const away = await Receiver.start({ status: 200 });
    const { port, url } = away;
    await away[Symbol.asyncDispose]();
    const { id } = await client.addHook({ url, states: ['cancelled'] }, 'away');
    await client.cancel((await client.createJob({ footageSet: 'nothing' }, 'killed')).id);
    const standing = async () => (await client.deliveries(id))[0];
    await expect.poll(standing).toMatchObject({ state: 'waiting', attempts: [{ status: null }] });
    served.child.kill('SIGKILL');
    await served.ended;
    // What has just been written may still be somebody's.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    await using receiver = await Receiver.at(port, { status: 200 });
    await serve();
    await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(1);
    await expect.poll(standing).toMatchObject({ state: 'delivered' });
  });
});
