import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueJob, followRules } from '../../../functions/reconcile/rules.ts';
import { jobRequestKey } from '../../../shared/keys.ts';
import { JobRequestSchema } from '../../../shared/request.ts';
import { RuleSchema } from '../../../shared/rules.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { allJobs } from '../../../storage/jobs.ts';
import { notedJobs } from '../../../storage/open-jobs.ts';
import { keepRule, removeRule } from '../../../storage/rules.ts';

const NOW = new Date('2026-07-01T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const rule = (more: object = {}) =>
  RuleSchema.parse({ set: 'party', quietMinutes: 10, createdAt: NOW.toISOString(), ...more });
const clip = (name: string, lastModified = minutesAgo(30), etag = name) => ({
  key: `party/${name}.mp4`,
  etag,
  lastModified,
});

describe('what a rule asks for', () => {
  it.each([
    ['nothing while there is nothing in the set', [], false],
    ['nothing while something was added just now', [clip('a'), clip('b', minutesAgo(9))], false],
    ['a montage once it has been quiet', [clip('a'), clip('b', minutesAgo(10))], true],
  ])('is %s', (_, clips, due) => {
    expect(dueJob(rule(), clips, NOW) !== null).toBe(due);
  });

  it('is of all clips there are, as the rule says', () => {
    const order = { style: 'mtv', music: 'song.mp3', title: 'Party' };
    expect(dueJob(rule({ order }), [clip('b'), clip('a')], NOW)?.request).toEqual(
      JobRequestSchema.parse({ ...order, footageSet: 'party', clips: ['party/a.mp4', 'party/b.mp4'] }),
    );
  });

  it('is the same job until the set or the rule is another', () => {
    const job = (...args: [Parameters<typeof dueJob>[0], Parameters<typeof dueJob>[1]]) => dueJob(...args, NOW)?.job;
    const first = job(rule(), [clip('a'), clip('b')]);
    expect(job(rule({ quietMinutes: 5, createdAt: minutesAgo(99).toISOString() }), [clip('b'), clip('a')])).toBe(first);
    expect(job(rule(), [clip('a')])).not.toBe(first);
    expect(job(rule(), [clip('a'), clip('b', minutesAgo(20), 'other content')])).not.toBe(first);
    expect(job(rule({ order: { style: 'mtv' } }), [clip('a'), clip('b')])).not.toBe(first);
  });
});

describe('following rules', () => {
  let root = '';
  let store: FolderStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'montage-rules-'));
    store = new FolderStore(root);
    await store.prepare();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const add = (key: string) => store.putOnce('input', key, key);
  /** As it is so long after what was added just now. */
  const follow = (minutes: number) => followRules(store, new Date(Date.now() + minutes * 60_000));

  it('asks once, and again when something was added, and never for a set without a rule', async () => {
    await keepRule(store, rule());
    await add('party/a.mp4');
    await add('party/notes.txt');
    await add('other/a.mp4');
    await follow(9);
    expect(await notedJobs(store)).toEqual([]);
    await follow(11);
    await follow(12);
    const jobs = await notedJobs(store);
    expect(jobs.map(({ job }) => job)).toEqual([expect.stringMatching(/^party-/)]);
    const asked = JSON.parse((await store.read('jobs', jobRequestKey(jobs[0]?.job ?? ''))).toString());
    expect(JobRequestSchema.parse(asked).clips).toEqual(['party/a.mp4']);
    await add('party/b.mp4');
    await follow(11);
    expect(await allJobs(store)).toHaveLength(2);
    expect(await removeRule(store, 'party')).toBe(true);
    await add('party/c.mp4');
    await follow(11);
    expect(await allJobs(store)).toHaveLength(2);
  });

  it('goes on with the others where one can’t be read', async () => {
    await store.putOnce('jobs', '_rules/broken.json', '{');
    await keepRule(store, rule());
    await add('party/a.mp4');
    await follow(11);
    expect(await allJobs(store)).toHaveLength(1);
  });
});
