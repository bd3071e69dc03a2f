import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pass } from '../../../functions/reconcile/pass.ts';
import { type PreviewCircumstances, previewSteps } from '../../../functions/reconcile/previews.ts';
import { readConfig } from '../../../shared/config.ts';
import { jobRequestKey, previewKeys, revisionKeys } from '../../../shared/keys.ts';
import { previewOf } from '../../../shared/preview-hash.ts';
import { resolveStyle } from '../../../shared/styles/built-in.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { noteForgottenJobs } from '../../../storage/open-jobs.ts';
import { type PreviewNotes, wantPreview } from '../../../storage/previews.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const IDLE: PreviewCircumstances = { now: NOW, leases: new Map(), busy: false, lostAfterSeconds: 30, attempts: 3 };
const lease = (name: string, expiresInSeconds: number) =>
  new Map([[name, { holder: 'x', expiresAt: ago(-expiresInSeconds).toISOString(), released: false }]]);
const notes = (preview: string, more: Partial<PreviewNotes> = {}): PreviewNotes => {
  return { preview, wanted: true, requests: [], made: false, failedAt: null, ...more };
};
const asked = (attempt: number, secondsAgo: number) => ({ requests: [{ attempt, at: ago(secondsAgo) }] });

describe('what is done about previews', () => {
  it.each<[string, PreviewNotes[], Partial<PreviewCircumstances>, ReturnType<typeof previewSteps>]>([
    ['nothing where none is wanted', [], {}, []],
    ['the first is asked for', [notes('a'), notes('b')], {}, [{ kind: 'ask', preview: 'a', attempt: 1 }]],
    ['one at a time', [notes('a'), notes('b', asked(1, 5))], {}, []],
    ['none while a job has work', [notes('a')], { busy: true }, []],
    ['none while new footage is looked at', [notes('a')], { leases: lease('analyze-footage/e', 9) }, []],
    [
      'one does while who looked at footage is long gone',
      [notes('a')],
      { leases: lease('analyze-footage/e', -1) },
      [{ kind: 'ask', preview: 'a', attempt: 1 }],
    ],
    [
      'what is under way is taken back for a job',
      [notes('a', asked(2, 5)), notes('b')],
      { busy: true, leases: lease('preview/a', 9) },
      [{ kind: 'withdraw', preview: 'a', attempts: [2] }],
    ],
    ['what somebody is at is waited for', [notes('a', asked(1, 900))], { leases: lease('preview/a', 9) }, []],
    [
      'what nobody is at any more is asked for again',
      [notes('a', asked(1, 900))],
      { leases: lease('preview/a', -1) },
      [{ kind: 'ask', preview: 'a', attempt: 2 }],
    ],
    [
      'what nobody took is asked for again',
      [notes('a', asked(1, 31))],
      {},
      [{ kind: 'ask', preview: 'a', attempt: 2 }],
    ],
    [
      'what was begun too often has failed',
      [notes('a', asked(3, 31))],
      {},
      [{ kind: 'fail', preview: 'a', reason: 'It was begun 3 times and never finished' }],
    ],
    [
      'what is made is cleared, and the next asked for',
      [notes('a', { made: true, ...asked(1, 5) }), notes('b')],
      {},
      [
        { kind: 'clear', preview: 'a', attempts: [1] },
        { kind: 'ask', preview: 'b', attempt: 1 },
      ],
    ],
    [
      'what is made is cleared for a job too',
      [notes('a', { made: true })],
      { busy: true },
      [{ kind: 'clear', preview: 'a', attempts: [] }],
    ],
    [
      'what has failed is cleared once',
      [notes('a', { failedAt: ago(5) })],
      {},
      [{ kind: 'clear', preview: 'a', attempts: [] }],
    ],
    ['and then left alone', [notes('a', { failedAt: ago(5), wanted: false })], {}, []],
  ])('%s', (_name, noted, circumstances, steps) => {
    expect(previewSteps(noted, { ...IDLE, ...circumstances })).toEqual(steps);
  });
});

describe('a pass while somebody wants a preview', () => {
  const config = readConfig({ MONTAGE_SETTLE_SECONDS: '0' });
  const style = resolveStyle('mtv', [], {});
  const preview = previewOf(style);
  const request = previewKeys(preview).request(1);
  let folder: string;
  let store: FolderStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-previews-'));
    store = new FolderStore(folder);
    await store.prepare();
    await wantPreview(store, preview, style, new Date());
  });
  afterEach(() => rm(folder, { recursive: true }));
  const isAsked = async () => (await store.stat('jobs', request)) !== null;
  const askForJob = async () => {
    await store.putOnce('input', 'set/1.mp4', 'clip');
    await store.putOnce('jobs', jobRequestKey('job'), JSON.stringify({ footageSet: 'set' }));
    await noteForgottenJobs(store);
  };

  it('asks for it when there is no job', async () => {
    await pass(store, config);
    expect(await isAsked()).toBe(true);
  });

  it('lets a job go first, whether it comes before or after', async () => {
    await store.putOnce('music', 'song.mp3', 'song');
    await pass(store, config);
    await askForJob();
    await pass(store, config);
    expect(await isAsked()).toBe(false);
    await store.putOnce('jobs', revisionKeys('job', 1).cancelled, '{}');
    await pass(store, config);
    expect(await isAsked()).toBe(true);
  });

  it('doesn’t wait for a job that waits for a person', async () => {
    await store.putOnce('jobs', jobRequestKey('job'), JSON.stringify({ footageSet: 'to come' }));
    await noteForgottenJobs(store);
    await pass(store, config);
    expect(await isAsked()).toBe(true);
  });

  it('forgets all of it once it is made', async () => {
    await pass(store, config);
    await store.putOnce('jobs', previewKeys(preview).made, '{}');
    await pass(store, config);
    expect(await Array.fromAsync(store.list('jobs', ''))).toEqual([]);
  });
});
