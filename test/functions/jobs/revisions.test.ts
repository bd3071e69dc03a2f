import { expect, it } from 'vitest';
import { pass as passNoted } from '../../../functions/reconcile/pass.ts';
import type { Revision, Segment } from '../../../shared/api/revisions.ts';
import { readConfig } from '../../../shared/config.ts';
import { cacheKeys, outputKeys, revisionKeys } from '../../../shared/keys.ts';
import type { JobStatus } from '../../../shared/status.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { noteJob } from '../../../storage/open-jobs.ts';
import type { Store } from '../../../storage/store.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { ask } from './ask.ts';
import { plan, planJob } from './planned-job.ts';

const config = readConfig({});

/** A job whose clips and song are chosen and analysed, and its first revision planned. */
async function plannedJob(store: Store, name: string): Promise<string> {
  const { id } = await status(ask(store, 'POST', '/v1/jobs', { footageSet: name }, { 'Idempotency-Key': name }));
  await planJob(store, id);
  return id;
}

/** As after an event of that job. */
const pass = async (store: Store, job: string) => {
  await noteJob(store, job);
  await passNoted(store, config);
};
const status = async (reply: ReturnType<typeof ask>) => ((await reply) as { body: JobStatus }).body;
const edit = (store: Store, job: string, revision: number, from: number, ...changes: object[]) =>
  ask(store, 'PUT', `/v1/jobs/${job}/revisions/${revision}`, { from, changes });
const timeline = async (store: Store, job: string, revision: number) =>
  ((await ask(store, 'GET', `/v1/jobs/${job}/revisions/${revision}/timeline`)) as { body: Timeline }).body;
const revisions = async (store: Store, job: string) =>
  ((await ask(store, 'GET', `/v1/jobs/${job}/revisions`)) as { body: { revisions: Revision[] } }).body.revisions;
const segments = async (store: Store, job: string, revision: number) =>
  ((await ask(store, 'GET', `/v1/jobs/${job}/revisions/${revision}/segments`)) as { body: { segments: Segment[] } })
    .body.segments;
const lock = (cut: number) => ({ kind: 'lock', cut, locked: true });

describeBothStores('A change of a cut', (store) => {
  it('makes the next revision: planned out of the one that it starts from, and no more of it than was changed', async () => {
    const job = await plannedJob(store(), 'swapped');
    const made = await edit(store(), job, 2, 1, { kind: 'swap', cut: 3, alternative: 0 });
    expect(made).toMatchObject({ status: 201, body: { revision: 2, state: 'planning', segments: null } });
    expect(await ask(store(), 'GET', `/v1/jobs/${job}/revisions/2/timeline`)).toMatchObject({ status: 202 });
    // What is missing is a plan, and no analysis is looked at for it.
    for await (const { key } of store().list('cache', 'analysis/')) await store().delete('cache', key);
    await pass(store(), job);
    expect(await store().stat('jobs', revisionKeys(job, 2).request('plan', 'timeline', 1))).not.toBeNull();
    await plan(store(), job, 2);
    const [before, after] = [await timeline(store(), job, 1), await timeline(store(), job, 2)];
    const wanted = before.cuts[3]?.alternatives[0];
    expect(after.cuts[3]).toMatchObject({ sourceFrame: wanted?.sourceFrame, frame: before.cuts[3]?.frame });
    expect(await status(ask(store(), 'GET', `/v1/jobs/${job}`))).toMatchObject({ revision: 2, state: 'rendering' });
    const old = (await segments(store(), job, 1)).map(({ hash }) => hash);
    const anew = (await segments(store(), job, 2)).filter(({ hash }) => !old.includes(hash));
    expect(anew.length).toBeGreaterThan(0);
    expect(anew.length).toBeLessThanOrEqual(2);
  });

  it('asks for the segments that are missing, and takes those that lie there', async () => {
    const job = await plannedJob(store(), 'half');
    const old = await segments(store(), job, 1);
    for (const { hash } of old) await store().putOnce('cache', cacheKeys.segment(hash), 'a segment');
    expect((await segments(store(), job, 1)).every(({ rendered }) => rendered)).toBe(true);
    await edit(store(), job, 2, 1, { kind: 'slip', cut: 2, frames: -4 }).catch(() =>
      edit(store(), job, 2, 1, { kind: 'slip', cut: 2, frames: 4 }),
    );
    await plan(store(), job, 2);
    await pass(store(), job);
    const now = await segments(store(), job, 2);
    for (const { hash, rendered } of now) {
      const keys = revisionKeys(job, 2);
      const [asked, marked] = [keys.request('render', hash, 1), keys.marker('render', hash)];
      expect([rendered, await exists(store(), asked), await exists(store(), marked)], hash).toEqual([
        rendered,
        !rendered,
        rendered,
      ]);
    }
    expect(now.filter(({ rendered }) => !rendered).length).toBeGreaterThan(0);
    const location = await ask(store(), 'GET', `/v1/jobs/${job}/revisions/2/segments/${old[0]?.hash}`);
    expect(location).toMatchObject({ status: 302 });
  });

  it('is undone by a revision that starts from an older one', async () => {
    const job = await plannedJob(store(), 'undone');
    await edit(store(), job, 2, 1, lock(1));
    await plan(store(), job, 2);
    await edit(store(), job, 3, 1);
    await plan(store(), job, 3);
    expect(await timeline(store(), job, 3)).toEqual(await timeline(store(), job, 1));
    expect((await timeline(store(), job, 2)).cuts[1]?.locked).toBe(true);
    expect(await revisions(store(), job)).toMatchObject([
      { revision: 1, from: null, changes: [], planned: true, finished: false },
      { revision: 2, from: 1, changes: [lock(1)], planned: true },
      { revision: 3, from: 1, changes: [], planned: true },
    ]);
  });

  it('to another style keeps locked cuts, and says which style it is from then on', async () => {
    const job = await plannedJob(store(), 'restyled');
    await edit(store(), job, 2, 1, lock(4), { kind: 'replan', order: { style: 'hitchcock', title: 'Brittany' } });
    await pass(store(), job);
    await plan(store(), job, 2);
    const [before, after] = [await timeline(store(), job, 1), await timeline(store(), job, 2)];
    expect(after).toMatchObject({ title: 'Brittany', style: { id: 'hitchcock' } });
    const locked = after.cuts.find((cut) => cut.locked);
    expect(locked).toMatchObject({ frame: before.cuts[4]?.frame, sourceFrame: before.cuts[4]?.sourceFrame });
    expect(await status(ask(store(), 'GET', `/v1/jobs/${job}`))).toMatchObject({ style: 'hitchcock' });
    await edit(store(), job, 3, 2, { kind: 'replan', order: { quality: 'preview' } });
    await plan(store(), job, 3);
    expect(await timeline(store(), job, 3)).toMatchObject({
      title: 'Brittany',
      quality: 'preview',
      style: after.style,
    });
  });

  it('leaves the finished montage to be had until the new one is', async () => {
    const job = await plannedJob(store(), 'kept');
    await store().putOnce('output', outputKeys(job, 1).montage, 'the first');
    await store().putOnce('jobs', revisionKeys(job, 1).done, '{}');
    await edit(store(), job, 2, 1, lock(0));
    expect(await status(ask(store(), 'GET', `/v1/jobs/${job}`))).toMatchObject({
      ...{ state: 'planning', revision: 2, finishedRevision: 1, finishedAt: null, outputs: ['montage.mp4'] },
    });
    const at = async (query: string) => {
      const reply = await ask(store(), 'GET', `/v1/jobs/${job}/output/montage.mp4${query}`);
      return 'location' in reply ? reply.location : null;
    };
    expect(await at('')).toContain(outputKeys(job, 1).montage);
    await store().putOnce('output', outputKeys(job, 2).montage, 'the second');
    await store().putOnce('jobs', revisionKeys(job, 2).done, '{}');
    expect(await at('')).toContain(outputKeys(job, 2).montage);
    expect(await at('?revision=1')).toContain(outputKeys(job, 1).montage);
    await expect(at('?revision=3')).rejects.toMatchObject({ status: 404 });
  });

  it('by two people at once is one of them’s, and the other is told; sent twice by one it is made once', async () => {
    const job = await plannedJob(store(), 'contested');
    const tries = [0, 1, 2, 3].map((cut) => edit(store(), job, 2, 1, lock(cut)));
    const made = (await Promise.allSettled(tries)).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(made).toMatchObject([{ status: 201 }]);
    const [first, second] = await revisions(store(), job);
    expect([first?.revision, second?.revision]).toEqual([1, 2]);
    expect(await edit(store(), job, 2, 1, ...(second?.changes ?? []))).toMatchObject({ status: 200 });
    await expect(edit(store(), job, 2, 1, lock(5))).rejects.toMatchObject({
      status: 409,
      message: `Somebody else has made revision 2 of ${job}: look at it, then change that`,
    });
    expect((await revisions(store(), job)).length).toBe(2);
  });
});

describeBothStores('A change that can not be made', (store) => {
  it.each([
    ['of a cut that is not there', 2, 1, [lock(500)], 400, /^There is no cut 501: the montage has \d+$/],
    ['of a revision that is not there', 2, 7, [lock(1)], 400, /has no revision 7 to start from$/],
    ['that leaves a number out', 4, 1, [lock(1)], 409, /^The next revision of .+ is 2, not 4$/],
    ['of the first revision', 1, 1, [lock(1)], 409, /^Somebody else has made revision 1/],
    ['to a style that nobody knows', 2, 1, [{ kind: 'replan', order: { style: 'hitchcok' } }], 400, /hitchcock/],
    ['of a kind that nobody knows', 2, 1, [{ kind: 'explode', cut: 1 }], 400, /^changes\.0\.kind: /],
    ['of a locked cut', 2, 1, [lock(1), { kind: 'remove', cut: 1 }], 400, /^Cut 2 is locked; unlock it to change it$/],
  ])(
    'because it is %s is refused in a sentence, and nothing is touched',
    async (_what, revision, from, changes, code, said) => {
      const job = await plannedJob(store(), 'refused');
      const before = await Array.fromAsync(store().list('jobs', ''));
      const refused = await edit(store(), job, revision, from, ...changes).catch((error: Error) => error);
      expect(refused).toMatchObject({ message: expect.stringMatching(said) });
      expect((refused as { status?: number }).status ?? 400).toBe(code);
      expect(await Array.fromAsync(store().list('jobs', ''))).toEqual(before);
    },
  );

  it('because nothing is planned yet says so', async () => {
    const { id } = await status(ask(store(), 'POST', '/v1/jobs', { footageSet: 'early' }));
    await expect(edit(store(), id, 2, 1, lock(0))).rejects.toMatchObject({ status: 409 });
    await expect(edit(store(), 'nobodys', 2, 1, lock(0))).rejects.toMatchObject({ status: 404 });
  });
});

const exists = async (store: Store, key: string) => (await store.stat('jobs', key)) !== null;
