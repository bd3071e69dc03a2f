import { expect, it } from 'vitest';
import { allJobs } from '../../../storage/jobs.ts';
import { allRules } from '../../../storage/rules.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { ask } from './ask.ts';

describeBothStores('The API of rules', (store) => {
  const call = async (method: string, set: string, body?: unknown) =>
    ask(store(), method, `/v1/sets/${encodeURIComponent(set)}/rule`, body);

  it('sets a rule, shows it, puts another in its place, and ends it', async () => {
    const set = 'Summer in Brittany é';
    await expect(call('GET', set)).rejects.toMatchObject({ status: 404 });
    expect(await call('PUT', set, {})).toMatchObject({
      status: 200,
      body: { set, quietMinutes: 10, order: { style: 'dynamic' } },
    });
    const order = { style: 'mtv', music: 'song', durationSeconds: 30 };
    await call('PUT', set, { quietMinutes: 5, order });
    expect(await call('GET', set)).toMatchObject({ body: { quietMinutes: 5, order } });
    expect(await ask(store(), 'GET', '/v1/rules')).toMatchObject({ body: { rules: [{ set, quietMinutes: 5 }] } });
    expect(await call('DELETE', set)).toEqual({ status: 204 });
    await expect(call('DELETE', set)).rejects.toMatchObject({ status: 404 });
    expect(await allRules(store())).toEqual([]);
  });

  it.each([
    ['a wait that is none', { quietMinutes: 0 }],
    ['single clips, which a rule has none of', { order: { clips: ['a/b.mp4'] } }],
    ['a field that nobody knows', { quiet: 3 }],
  ])('refuses %s', async (_, body) => {
    await expect(call('PUT', 'party', body)).rejects.toMatchObject({ status: 400 });
  });

  it('is no job’s name, and no job', async () => {
    await call('PUT', 'party', {});
    expect(await allJobs(store())).toEqual([]);
    expect(await ask(store(), 'GET', '/v1/jobs')).toMatchObject({ body: { jobs: [] } });
  });
});
