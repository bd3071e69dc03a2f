import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { tell } from '../../../functions/notify/tell.ts';
import { API } from '../../../shared/api/operations.ts';
import { DeliverySchema, MadeHookSchema, ShownHookSchema } from '../../../shared/hooks.ts';
import { recognise } from '../../../shared/keys.ts';
import { allJobs } from '../../../storage/jobs.ts';
import type { ObjectInfo } from '../../../storage/store.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { Receiver } from '../notify/receiver.ts';
import { ask } from './ask.ts';

const config = { MONTAGE_PUBLIC_URL: 'http://montage.lan', MONTAGE_HOOKS_PRIVATE: 'allow' } as const;
const URL = 'https://example.com/montage';

describeBothStores('The API of hooks', (store) => {
  const call = async (method: string, path: string, body?: unknown, key: string = crypto.randomUUID()) => {
    const reply = await ask(
      store(),
      method,
      path,
      body,
      { 'Idempotency-Key': key },
      { MONTAGE_HOOKS_PRIVATE: 'allow' },
    );
    return { status: reply.status, body: 'body' in reply ? reply.body : null };
  };
  const add = async (body: object, key?: string) =>
    MadeHookSchema.parse((await call('POST', '/v1/hooks', body, key)).body);
  const remove = (id: string) => call('DELETE', `/v1/hooks/${id}`);
  /** Does what the broker does, for what is tested. */
  const testedBy = async (id: string) => {
    const known = new Set((await objects()).map(({ key }) => key));
    const tested = call('POST', `/v1/hooks/${id}/test`);
    let test: ObjectInfo | undefined;
    while (!test)
      test = (await objects()).find(
        ({ key }) => !known.has(key) && recognise('jobs', key)?.kind.type === 'ai.montage.hook.tested',
      );
    await tell(store(), test, { config });
    return DeliverySchema.parse((await tested).body);
  };
  const objects = () => Array.fromAsync(store().list('jobs', ''));

  it('makes a hook with a secret of its own, which is told once and can be signed with', async () => {
    const hook = await add({ url: URL });
    expect(hook).toMatchObject({ url: URL, states: ['completed', 'failed'] });
    expect(hook.secret).toMatch(/^whsec_/);
    expect(new Webhook(hook.secret).sign('id', new Date(), 'body')).toMatch(/^v1,/);
    const listed = await call('GET', '/v1/hooks');
    expect(listed.body).toEqual({ hooks: [ShownHookSchema.parse(hook)] });
    const shown = await call('GET', `/v1/hooks/${hook.id}`);
    for (const { body } of [listed, shown]) expect(JSON.stringify(body)).not.toMatch(/whsec_|secret/);
    expect((await call('GET', `/v1/hooks/${hook.id}/deliveries`)).body).toEqual({ deliveries: [], next: null });
    expect((await remove(hook.id)).status).toBe(204);
    await expect(remove(hook.id)).rejects.toThrow(`There is no hook ${hook.id}`);
  });

  it('makes one of the same request sent twice, and gives its secret again to who lost it', async () => {
    const key = crypto.randomUUID();
    const [first, second] = [await call('POST', '/v1/hooks', { url: URL }, key), await add({ url: URL }, key)];
    expect([first.status, first.body]).toEqual([201, second]);
    expect((await call('POST', '/v1/hooks', { url: URL }, key)).status).toBe(200);
    const other = await add({ url: URL });
    expect(other.id).not.toBe(second.id);
    for (const { id } of [second, other]) await remove(id);
  });

  it.each([
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'example.com' }, 'url'],
    [{ url: 'https://me:secret@example.com/' }, 'holds no name, password'],
    [{ url: 'https://example.com/#part' }, 'holds no name, password'],
    [{ url: URL, states: [] }, 'states'],
    [{ url: URL, states: ['finished'] }, 'states'],
    [{ url: URL, secret: 'whsec_short' }, 'secret'],
    [{ url: URL, secret: `whsec_${btoa('short')}` }, '24 to 64 bytes'],
    [{ url: URL, secret: `whsec_${btoa('x'.repeat(65))}` }, '24 to 64 bytes'],
    [{ url: URL, secret: btoa('x'.repeat(24)) }, 'whsec_'],
    [{ url: URL, colour: 'red' }, 'colour'],
    [{}, 'url'],
  ])('refuses %j, and says why', async (body, said) => {
    await expect(call('POST', '/v1/hooks', body)).rejects.toThrow(said);
  });

  it.each(['http://127.0.0.1/x', 'http://[::1]/', 'http://localhost:3000/', 'http://2130706433/', 'http://10.0.0.1/'])(
    'refuses %s, unless it is allowed, and says what allows it',
    async (url) => {
      await expect(ask(store(), 'POST', '/v1/hooks', { url })).rejects.toThrow('MONTAGE_HOOKS_PRIVATE=allow');
      await remove((await add({ url })).id);
    },
  );

  it('tests a hook by the way that all calls go, and says what came of it', async () => {
    await using receiver = await Receiver.start({ status: 200 }, { status: 401, body: 'Who are you?' });
    const secret = `whsec_${btoa('x'.repeat(24))}`;
    const { id } = await add({ url: receiver.url, secret });
    expect(await testedBy(id)).toMatchObject({ state: 'delivered', attempts: [{ status: 200, reason: null }] });
    expect(await testedBy(id)).toMatchObject({
      state: 'given up',
      attempts: [{ status: 401, reason: 'It answered 401: Who are you?' }],
    });
    const [{ body, headers } = { body: '', headers: {} }] = receiver.received;
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ data: { hook: id } });
    const page = async (query: string) =>
      API.listDeliveries.answers[200].parse((await call('GET', `/v1/hooks/${id}/deliveries?limit=1${query}`)).body);
    const first = await page('');
    expect(first.deliveries).toMatchObject([{ state: 'given up', type: 'ai.montage.hook.tested' }]);
    const second = await page(`&after=${first.next}`);
    expect(second).toMatchObject({ deliveries: [{ state: 'delivered' }], next: null });
    await remove(id);
    expect((await objects()).filter(({ key }) => key.includes(id))).toEqual([]);
  });

  it('shows what a hook was told that answered 410, until somebody removes it', async () => {
    await using receiver = await Receiver.start({ status: 410 });
    const { id } = await add({ url: receiver.url });
    expect(await testedBy(id)).toMatchObject({ state: 'given up', attempts: [{ status: 410 }] });
    await expect(call('GET', `/v1/hooks/${id}`)).rejects.toThrow(`There is no hook ${id}`);
    expect((await call('GET', `/v1/hooks/${id}/deliveries`)).body).toMatchObject({
      deliveries: [{ state: 'given up' }],
    });
    await remove(id);
    await expect(call('GET', `/v1/hooks/${id}/deliveries`)).rejects.toThrow(`There is no hook ${id}`);
  });

  it('takes none for a job', async () => {
    const { id } = await add({ url: URL });
    expect(await allJobs(store())).toEqual([]);
    expect((await call('GET', '/v1/jobs')).body).toMatchObject({ jobs: [] });
    await remove(id);
  });

  it('says of what is no hook that there is none, or how one is named', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/deliveries'],
      ['POST', '/test'],
    ] as const) {
      await expect(call(method, `/v1/hooks/hook-0123456789ab${path}`)).rejects.toThrow('There is no hook hook-012');
      await expect(call(method, `/v1/hooks/..%2F..%2Fx${path}`)).rejects.toThrow('a hook is named like');
    }
  });

  it('that is ended while it is tested says so, rather than have anybody wait for what nobody will tell', async () => {
    const { id } = await add({ url: URL });
    const tested = call('POST', `/v1/hooks/${id}/test`);
    const ended = expect(tested).rejects.toThrow(`The hook ${id} was ended while it was tested`);
    await expect.poll(async () => (await objects()).some(({ key }) => key.includes(`tests/${id}/`))).toBe(true);
    await remove(id);
    await ended;
  });

  it('keeps no more hooks than can be called at once', async () => {
    const made = await Promise.all(Array.from({ length: 100 }, () => add({ url: URL })));
    await expect(add({ url: URL })).rejects.toThrow('There are 100 hooks already');
    await Promise.all(made.map(({ id }) => remove(id)));
  });
});
