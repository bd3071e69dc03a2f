import { expect, it } from 'vitest';
import { jobRequestKey, revisionKeys } from '../../shared/keys.ts';
import { allJobs } from '../../storage/jobs.ts';
import { notedJobs, noteForgottenJobs, noteJob } from '../../storage/open-jobs.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { describeBothStores } from './stores.ts';

const begin = (store: Store, job: string) => store.putOnce('jobs', jobRequestKey(job), '{}');
const end = (store: Store, job: string, revision = 1) => store.putOnce('jobs', revisionKeys(job, revision).done, '{}');
/** The same store, but for some of its methods. */
const but = (store: Store, methods: Partial<Store>): Store =>
  new Proxy(store, {
    get: (target, name) => {
      const own: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
const names = async (store: Store) => (await notedJobs(store)).map(({ job }) => job);

describeBothStores('The jobs that are noted as open', (store) => {
  it('are those that somebody was told of, until they end', async () => {
    for (const job of ['one', 'two', 'untold']) await begin(store(), job);
    for (const job of ['two', 'one', 'one']) await noteJob(store(), job);
    expect(await names(store())).toEqual(['one', 'two']);
    await end(store(), 'one');
    expect(await names(store())).toEqual(['two']);
    await noteForgottenJobs(store());
    expect(await names(store())).toEqual(['two', 'untold']);
    for (const job of ['two', 'untold']) await end(store(), job);
    expect(await names(store())).toEqual([]);
  });

  it('are no jobs themselves', async () => {
    await begin(store(), 'only');
    await noteJob(store(), 'only');
    expect((await allJobs(store())).map(({ job }) => job)).not.toContain('_open');
    await end(store(), 'only');
    expect(await names(store())).toEqual([]);
  });

  it('never lack one that was changed in the moment in which it was found to have ended', async () => {
    await begin(store(), 'changed');
    await end(store(), 'changed');
    await noteJob(store(), 'changed');
    // Its change is made, and noted in vain, just before the note of it goes.
    const meddled = but(store(), {
      delete: async (...given) => {
        await store().putOnce('jobs', revisionKeys('changed', 2).edit, '{"from":1,"changes":[]}');
        await noteJob(store(), 'changed');
        await store().delete(...given);
      },
    });
    expect(await names(meddled)).toEqual(['changed']);
    expect(await names(store())).toEqual(['changed']);
    await end(store(), 'changed', 2);
    expect(await names(store())).toEqual([]);
  });

  it('are found without listing what has ended', async () => {
    for (let i = 0; i < 20; i += 1) {
      await begin(store(), `old${i}`);
      await end(store(), `old${i}`);
    }
    await begin(store(), 'new');
    await noteJob(store(), 'new');
    const listed: ObjectInfo[] = [];
    const counting = but(store(), {
      list: async function* (...given) {
        for await (const object of store().list(...given)) {
          listed.push(object);
          yield object;
        }
      },
    });
    expect(await names(counting)).toEqual(['new']);
    expect(listed.length).toBe(2);
    await end(store(), 'new');
    await notedJobs(store());
  });
});
