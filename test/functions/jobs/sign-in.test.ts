import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer } from '../../../functions/jobs/answer.ts';
import { findRoute, type Route } from '../../../functions/jobs/routes.ts';
import { callerOf } from '../../../functions/jobs/sign-in/caller.ts';
import { Limits } from '../../../functions/jobs/sign-in/limits.ts';
import { seal } from '../../../functions/jobs/sign-in/seal.ts';
import { identityOfToken } from '../../../functions/jobs/sign-in/tokens.ts';
import { ownerOf } from '../../../functions/jobs/sign-in/user.ts';
import { ownPath } from '../../../functions/jobs/sign-in/verbs.ts';
import { problemIn } from '../../../functions/problem.ts';
import { pass } from '../../../functions/reconcile/pass.ts';
import { pathOf } from '../../../shared/api/client.ts';
import { API, type Asked, type Operation, type OperationId } from '../../../shared/api/operations.ts';
import { readConfig } from '../../../shared/config.ts';
import { outputKeys, revisionKeys } from '../../../shared/keys.ts';
import { segmentHash } from '../../../shared/segment-hash.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { keepHook, wants } from '../../../storage/hooks.ts';
import { noteJob } from '../../../storage/open-jobs.ts';
import { plannedOf } from '../../../storage/planned.ts';
import type { Store } from '../../../storage/store.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { ask } from './ask.ts';
import { type Person, SETTINGS, TOKENS } from './people.ts';
import { planJob } from './planned-job.ts';

const CONFIG = readConfig(SETTINGS);
const ANN = ownerOf('token', 'ann');
const BEN = ownerOf('token', 'ben');
const SECRET = `whsec_${btoa('x'.repeat(24))}`;
const SET = `${ANN}~Summer in Brittany`;
const CLIP = `${SET}/beach.mp4`;
const SONG = `${ANN}~/lullaby.mp3`;

/** A request of each operation about what is Ann's. */
interface Names {
  job: string;
  share: string;
  token: string;
  hook: string;
  upload: string;
  hash: string;
  content: string;
}
type Requests = { [Id in OperationId]: (names: Names) => Asked<Id> };
const REQUESTS: Requests = {
  describeApi: () => ({}),
  showMe: () => ({}),
  signIn: () => ({}),
  finishSignIn: () => ({}),
  signInByToken: () => ({ body: { token: 'x' } }),
  signOut: () => ({}),
  createToken: () => ({ body: {} }),
  listStyles: () => ({}),
  listPreviews: () => ({}),
  wantPreviews: () => ({}),
  findPreview: () => ({ parameters: { file: `${'0'.repeat(64)}.mp4` } }),
  tryDemo: () => ({}),
  listSets: () => ({}),
  listClips: () => ({ parameters: { set: SET } }),
  showRule: () => ({ parameters: { set: SET } }),
  setRule: () => ({ parameters: { set: SET }, body: { quietMinutes: 10, order: {} } }),
  removeRule: () => ({ parameters: { set: SET } }),
  listRules: () => ({}),
  listSongs: () => ({}),
  listJobs: () => ({}),
  createJob: () => ({ body: { footageSet: SET } }),
  showJob: ({ job }) => ({ parameters: { job } }),
  watchJob: ({ job }) => ({ parameters: { job } }),
  cancelJob: ({ job }) => ({ parameters: { job } }),
  retryJob: ({ job }) => ({ parameters: { job } }),
  deleteJob: ({ job }) => ({ parameters: { job } }),
  listRevisions: ({ job }) => ({ parameters: { job } }),
  makeRevision: ({ job }) => ({ parameters: { job, revision: 2 }, body: { from: 1, changes: [] } }),
  showTimeline: ({ job }) => ({ parameters: { job, revision: 1 } }),
  listSegments: ({ job }) => ({ parameters: { job, revision: 1 } }),
  findSegment: ({ job, hash }) => ({ parameters: { job, revision: 1, hash } }),
  findOutput: ({ job }) => ({ parameters: { job, file: 'montage.mp4' } }),
  listShares: ({ job }) => ({ parameters: { job } }),
  createShare: ({ job }) => ({ parameters: { job }, body: {} }),
  deleteShare: ({ job, share }) => ({ parameters: { job, share } }),
  showShare: ({ token }) => ({ parameters: { token } }),
  findShared: ({ token }) => ({ parameters: { token, file: 'montage.mp4' } }),
  findMedia: () => ({ parameters: { bucket: 'input', key: CLIP } }),
  findAnalysis: () => ({ parameters: { bucket: 'input', key: CLIP } }),
  signUpload: () => ({ body: { bucket: 'music', key: `${ANN}~/new.mp3` } }),
  removeUpload: () => ({ parameters: { bucket: 'input', key: `${ANN}~analyze-01234567/a.mp4` } }),
  findContent: ({ content }) => ({ parameters: { content }, query: { bytes: 5, set: SET } }),
  beginUpload: () => ({ body: { bucket: 'input', key: `${SET}/other.mp4`, bytes: 5, content: '1'.repeat(64) } }),
  showUpload: ({ upload }) => ({ parameters: { upload } }),
  signParts: ({ upload }) => ({ parameters: { upload }, body: { parts: [1] } }),
  completeUpload: ({ upload }) => ({ parameters: { upload } }),
  abortUpload: ({ upload }) => ({ parameters: { upload } }),
  listHooks: () => ({}),
  createHook: () => ({ body: { url: 'https://example.com/' } }),
  showHook: ({ hook }) => ({ parameters: { hook } }),
  deleteHook: ({ hook }) => ({ parameters: { hook } }),
  listDeliveries: ({ hook }) => ({ parameters: { hook } }),
  testHook: ({ hook }) => ({ parameters: { hook } }),
  showOps: () => ({}),
  showFunctions: () => ({}),
  clean: () => ({ body: { what: 'segments', olderThanDays: 30, dryRun: true } }),
};
/** What everybody has, or makes for themselves, whoever else has it too. */
const FOR_EACH: ReadonlySet<OperationId> = new Set([
  'createToken',
  'listStyles',
  'listPreviews',
  'wantPreviews',
  'findPreview',
  'tryDemo',
  'createHook',
]);
const LISTS: ReadonlySet<OperationId> = new Set(['listSets', 'listSongs', 'listJobs', 'listRules', 'listHooks']);
const OPERATIONS = Object.keys(REQUESTS) as OperationId[];
const access = (id: OperationId) => (API[id] as Operation).access;

interface Reply {
  status: number;
  body?: unknown;
}

describeBothStores('What is one person’s', (store) => {
  let names: Names;
  const request = (person: Person | null, method: string, path: string, body?: unknown, key?: string) =>
    ask(
      store(),
      method,
      path,
      body,
      { ...(person && { Authorization: `Bearer ${TOKENS[person]}` }), ...(key && { 'Idempotency-Key': key }) },
      SETTINGS,
    );
  /** What is answered, refusals too. */
  const answered = async (person: Person | null, id: OperationId, key = 'once'): Promise<Reply> => {
    const asked = REQUESTS[id](names) as Asked<OperationId>;
    try {
      return await request(person, API[id].method, pathOf(id, asked), (asked as { body?: unknown }).body, key);
    } catch (error) {
      const problem = problemIn(error);
      if (!problem) throw error;
      return { status: problem.status, body: problem.message };
    }
  };
  const bodyOf = async (...asked: Parameters<typeof request>) =>
    ((await request(...asked)) as unknown as { body: never }).body;

  beforeAll(async () => {
    await store().putOnce('input', CLIP, 'waves');
    await store().putOnce('music', SONG, 'la la');
    await store().putOnce('music', 'for-all.mp3', 'tra la');
    const { id: job } = await bodyOf('ann', 'POST', '/v1/jobs', { footageSet: SET }, 'first');
    await planJob(store(), job);
    const keys = outputKeys(job, 1);
    await store().putOnce('output', keys.montage, 'a video');
    await store().putOnce('output', keys.report, JSON.stringify(REPORT));
    await store().putOnce('jobs', revisionKeys(job, 1).done, '{}');
    const [piece] = (await plannedOf(store(), job, 1)).segments;
    const hash = segmentHash(piece?.spec as never);
    await store().putOnce('cache', `segments/${hash}.mp4`, 'a piece');
    const { id: share, token } = await bodyOf('ann', 'POST', `/v1/jobs/${job}/shares`, {}, 'share');
    const { id: hook } = await bodyOf('ann', 'POST', '/v1/hooks', { url: 'https://example.com/ann' }, 'hook');
    const file = { bucket: 'input', key: `${SET}/sent.mp4`, bytes: 5, content: '0'.repeat(64) };
    const { upload } = await bodyOf('ann', 'POST', '/v1/part-uploads', file);
    await bodyOf('ann', 'PUT', `/v1/sets/${encodeURIComponent(SET)}/rule`, { quietMinutes: 10, order: {} });
    names = { job, share, token, hook, upload, hash, content: '0'.repeat(64) };
  });

  it('is nothing to who hasn’t signed in, on any route', async () => {
    for (const id of OPERATIONS) {
      const { status } = await answered(null, id);
      if (access(id) === 'anyone') expect([id, status]).not.toEqual([id, 403]);
      else expect([id, status]).toEqual([id, 401]);
    }
  });

  it('isn’t there for anybody else, on any route, and stays as it is', async () => {
    const before = await everything(store());
    for (const id of OPERATIONS.filter((each) => access(each) === undefined && !FOR_EACH.has(each))) {
      const { status, body } = await answered('ben', id);
      if (LISTS.has(id)) {
        expect([id, status]).toEqual([id, 200]);
        expect([id, JSON.stringify(body)]).not.toEqual([id, expect.stringContaining(ANN)]);
        expect([id, JSON.stringify(body)]).not.toEqual([id, expect.stringContaining('example.com/ann')]);
      } else if (id === 'findContent') expect(body).toEqual({ key: null });
      else if (id === 'abortUpload') expect([403, 404]).toContain(status);
      else expect([id, status === 403 || status === 404, body]).toEqual([id, true, expect.any(String)]);
    }
    // An id of Ann's beside a job of one's own.
    const { id: job } = await bodyOf('ben', 'POST', '/v1/jobs', { footageSet: `${BEN}~Mine` }, 'mine');
    await expect(request('ben', 'DELETE', `/v1/jobs/${job}/shares/${names.share}`)).rejects.toMatchObject({
      status: 404,
    });
    const own = (await everything(store())).filter(([key]) => !key?.includes(BEN));
    expect(own).toEqual(before);
  });

  it('can’t be made by another under its owner’s name, nor used by naming it', async () => {
    for (const key of [`${ANN}~new/clip.mp4`, 'nobody/clip.mp4', `${BEN}~x/../${SET}/clip.mp4`])
      await expect(request('ben', 'POST', '/v1/uploads', { bucket: 'input', key })).rejects.toSatisfy((error) =>
        [400, 403].includes(problemIn(error)?.status ?? 0),
      );
    const { url } = await bodyOf('ben', 'POST', '/v1/uploads', { bucket: 'input', key: `${BEN}~Mine/clip.mp4` });
    expect(new URL(url).pathname).toContain(BEN);
    const order = { footageSet: `${BEN}~Mine`, clips: [CLIP], music: SONG };
    const { id } = await bodyOf('ben', 'POST', '/v1/jobs', order, 'stolen');
    await noteJob(store(), id);
    await pass(store(), CONFIG);
    expect(((await bodyOf('ben', 'GET', `/v1/jobs/${id}`)) as { failure: { reason: string } }).failure.reason).toBe(
      `There is no clip ${CLIP} in the input bucket; add it or leave it out of the request`,
    );
  });

  it('is not nobody’s either: who signs in uses no set that isn’t theirs, and no song of another', async () => {
    for (const footageSet of [`${BEN} x`, 'nobody', SET])
      await expect(request('ben', 'POST', '/v1/jobs', { footageSet, clips: ['nobody/clip.mp4'] })).rejects.toSatisfy(
        (error) => problemIn(error)?.status === 403,
      );
    await store().putOnce('input', `${BEN}~Own/clip.mp4`, 'a clip');
    const order = { footageSet: `${BEN}~Own`, clips: [`${BEN}~Own/clip.mp4`], music: SONG };
    const { id } = await bodyOf('ben', 'POST', '/v1/jobs', order, 'song');
    await noteJob(store(), id);
    await pass(store(), CONFIG);
    const job: { failure: { reason: string } | null } = await bodyOf('ben', 'GET', `/v1/jobs/${id}`);
    expect(job.failure?.reason).toContain(`There is no song named ${SONG}`);
  });

  it('is not told to a hook of somebody else, and one of everybody is an operator’s', async () => {
    const hook = { id: 'hook-0123456789ab', owner: null, url: 'https://example.com/all', states: [], secret: SECRET };
    await keepHook(store(), { ...hook, createdAt: new Date().toISOString() });
    const urls = async (person: Person) =>
      ((await bodyOf(person, 'GET', '/v1/hooks')) as { hooks: { url: string }[] }).hooks.map(({ url }) => url);
    expect(await urls('olga')).toEqual(['https://example.com/all']);
    expect(await urls('ben')).not.toContain('https://example.com/all');
    const kept = { ...hook, states: ['completed' as const], since: new Date(0), createdAt: '' };
    const end = { job: names.job, revision: 1, state: 'completed' as const };
    for (const [owner, isTold] of [
      [null, true],
      [ANN, true],
      [BEN, false],
    ] as const)
      expect(wants({ ...kept, owner }, end, new Date())).toBe(isTold);
    await request('olga', 'DELETE', `/v1/hooks/${hook.id}`);
    expect(await urls('olga')).toEqual([]);
  });

  it('is listed beside what is nobody’s song', async () => {
    const songs = async (person: Person) =>
      ((await bodyOf(person, 'GET', '/v1/songs')) as { songs: { key: string }[] }).songs.map(({ key }) => key);
    expect(await songs('ann')).toEqual([SONG, 'for-all.mp3']);
    expect(await songs('ben')).toEqual(['for-all.mp3']);
  });

  it('is theirs to use, and an operator’s to look after', async () => {
    for (const id of ['showJob', 'showTimeline', 'listSegments', 'findOutput', 'listShares'] as const) {
      expect([id, (await answered('olga', id)).status < 400]).toEqual([id, true]);
    }
    for (const id of ['listClips', 'findMedia', 'showHook', 'showRule'] as const)
      expect([id, (await answered('olga', id)).status]).toEqual([id, 404]);
    const { sets } = await bodyOf('olga', 'GET', '/v1/sets');
    expect(sets).toEqual([]);
    for (const id of ['showOps', 'clean'] as const) {
      expect([id, (await answered('ann', id)).status]).toEqual([id, 403]);
      expect([id, (await answered('olga', id)).status]).toEqual([id, 200]);
    }
    // Those that take something away come last.
    const last: OperationId[] = [
      'completeUpload',
      'abortUpload',
      'removeRule',
      'deleteShare',
      'deleteHook',
      'deleteJob',
    ];
    const own = OPERATIONS.filter((id) => access(id) === undefined && !last.includes(id) && id !== 'testHook');
    for (const id of [...own, ...last]) {
      const { status, body } = await answered('ann', id, 'anew');
      // What can't be done to a job that is done, or with a file that wasn't sent whole, is refused for that.
      if (['cancelJob', 'retryJob', 'completeUpload'].includes(id)) expect([id, status]).toEqual([id, 409]);
      else if (id === 'findPreview') expect([id, status]).toEqual([id, 404]);
      else expect([id, status, status < 400 ? '' : body]).toEqual([id, expect.any(Number), '']);
    }
  });
});

/** What a store holds, but what is only found out of it. */
async function everything(store: Store) {
  const all: string[][] = [];
  for (const bucket of ['input', 'music', 'jobs', 'output'] as const)
    for await (const { key, etag } of store.list(bucket, '')) if (!key.startsWith('_previews/')) all.push([key, etag]);
  return all;
}

describe('Signing in', () => {
  const now = new Date();
  const headers = (given: Record<string, string>) => (name: string) => given[name];
  const caller = (given: Record<string, string>, method = 'GET', config = CONFIG, at = now) =>
    callerOf({ method, header: headers(given) }, config, at);
  const identity = { ...identityOfToken(TOKENS.ann, CONFIG) };
  const cookie = async (seconds = 60) => `montage-session=${await seal(CONFIG, 'session', identity, { seconds, now })}`;

  it('isn’t asked for where the settings name nobody: everything is everybody’s', async () => {
    expect((await caller({}, 'POST', readConfig({}))).user).toEqual({ name: '', owner: null, operator: true });
  });

  it('is by a token, which says whose it is and no more', async () => {
    const { user } = await caller({ Authorization: `Bearer ${TOKENS.ann}` });
    expect(user).toEqual({ name: 'ann', owner: ANN, operator: false });
    expect((await caller({ Authorization: `Bearer ${TOKENS.olga}` })).user?.operator).toBe(true);
    await expect(caller({ Authorization: 'Bearer wrong' })).rejects.toMatchObject({ status: 401 });
    await expect(caller({ Authorization: `Bearer ${TOKENS.ann}x` })).rejects.toMatchObject({ status: 401 });
  });

  it('is by one token for all, where the settings name one: then everything is theirs', async () => {
    const config = readConfig({ MONTAGE_ACCESS_TOKEN: 'h'.repeat(40) });
    const { user } = await caller({ Authorization: `Bearer ${'h'.repeat(40)}` }, 'GET', config);
    expect(user).toEqual({ name: '', owner: null, operator: true });
    expect((await caller({}, 'GET', config)).user).toBeNull();
  });

  it('lasts in a cookie, until it expires, the key changes, or the token it was made from is taken back', async () => {
    expect((await caller({ Cookie: await cookie() })).user?.owner).toBe(ANN);
    expect((await caller({ Cookie: await cookie() }, 'GET', CONFIG, new Date(now.getTime() + 61_000))).user).toBeNull();
    const other = readConfig({ ...SETTINGS, MONTAGE_SESSION_KEY: 'n'.repeat(32) });
    expect((await caller({ Cookie: await cookie() }, 'GET', other)).user).toBeNull();
    expect((await caller({ Cookie: 'montage-session=nonsense' })).user).toBeNull();
    const answered = (await ask(
      null as never,
      'POST',
      '/v1/sign-in/token',
      { token: TOKENS.ann },
      {},
      SETTINGS,
    )) as unknown as {
      cookies: { value: string }[];
    };
    const Cookie = `montage-session=${answered.cookies[0]?.value}`;
    expect((await caller({ Cookie })).user?.name).toBe('ann');
    const takenBack = readConfig({ ...SETTINGS, MONTAGE_TOKENS: `ann:${'z'.repeat(40)}` });
    expect((await caller({ Cookie }, 'GET', takenBack)).user).toBeNull();
  });

  it('by a cookie changes nothing for a page of another site, or of another host of this one', async () => {
    const Cookie = await cookie();
    const Host = 'montage.example.com';
    const from = (given: Record<string, string>) => caller({ Cookie, Host, ...given }, 'POST');
    for (const refused of [
      {},
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { Origin: 'https://evil.example.com' },
      { Origin: 'null' },
    ])
      await expect(from(refused as Record<string, string>)).rejects.toMatchObject({ status: 403 });
    expect((await from({ 'Sec-Fetch-Site': 'same-origin' })).user?.owner).toBe(ANN);
    expect((await from({ Origin: `https://${Host}` })).user?.owner).toBe(ANN);
    const behind = readConfig({ ...SETTINGS, MONTAGE_PUBLIC_URL: `http://${Host}` });
    const proxied = { Cookie, Host: 'jobs.svc.cluster.local', Origin: `http://${Host}` };
    expect((await caller(proxied, 'POST', behind)).user?.owner).toBe(ANN);
  });

  it('by https counts no cookie that another host could have planted', async () => {
    const config = readConfig({ ...SETTINGS, MONTAGE_PUBLIC_URL: 'https://montage.example.com' });
    const value = await cookie();
    expect((await caller({ Cookie: value }, 'GET', config)).user).toBeNull();
    expect((await caller({ Cookie: `__Host-${value}` }, 'GET', config)).user?.owner).toBe(ANN);
  });

  it('gives tokens for programs, which make no others and are no cookie', async () => {
    const bearer = { Authorization: `Bearer ${TOKENS.ann}` };
    const made = async (headers: Record<string, string>) =>
      ask({} as Store, 'POST', '/v1/tokens', {}, headers, SETTINGS) as Promise<{ body: { token: string } }>;
    const { token } = (await made(bearer)).body;
    expect((await caller({ Authorization: `Bearer ${token}` })).user?.owner).toBe(ANN);
    await expect(made({ Authorization: `Bearer ${token}` })).rejects.toMatchObject({ status: 403 });
    await expect(ask({} as Store, 'POST', '/v1/sign-in/token', { token }, {}, SETTINGS)).rejects.toMatchObject({
      status: 401,
    });
    expect((await caller({ Cookie: `montage-session=${token}` })).user).toBeNull();
  });

  it('leads back to a page of this host only', () => {
    expect(ownPath('/jobs/a?b=c#d')).toBe('/jobs/a?b=c#d');
    for (const elsewhere of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/.//evil.example',
      'x:y',
      '',
    ])
      expect(ownPath(elsewhere)).toBe('/');
  });

  it('gives nobody more than their share of requests and montages, and asks who it is first', async () => {
    const config = readConfig({ ...SETTINGS, MONTAGE_REQUESTS_PER_MINUTE: '3', MONTAGE_JOBS_PER_HOUR: '1' });
    const limits = new Limits(config);
    const user = (owner: string) => ({ name: '', owner, operator: false });
    const ask = (owner: string) => limits.count(user(owner), API.createJob, {});
    await ask('a');
    await expect(ask('a')).rejects.toMatchObject({ status: 429 });
    const giveBack = await ask('b');
    await giveBack();
    await ask('b');
    const { route } = findRoute('GET', '/v1/me');
    const asked = { store: {} as Store, config, limits, method: 'GET', query: {}, body: async () => undefined, now };
    const me = (token: string) =>
      answer(route as Route, { ...asked, header: headers({ Authorization: `Bearer ${token}` }) });
    for (let i = 0; i < 3; i += 1) expect((await me(TOKENS.ann)).status).toBe(200);
    await expect(me(TOKENS.ann)).rejects.toMatchObject({ status: 429, retryAfterSeconds: expect.any(Number) });
    expect((await me(TOKENS.ben)).status).toBe(200);
  });

  it('counts all that makes work towards the share of montages, a change as a tenth of one, and what is asked again not', async () => {
    const config = readConfig({ ...SETTINGS, MONTAGE_JOBS_PER_HOUR: '2' });
    const user = { name: '', owner: ANN, operator: false };
    const anotherStyle = { from: 1, changes: [{ kind: 'replan', order: { style: 'mtv' } }] };
    for (const each of ['createJob', 'retryJob', 'setRule', 'tryDemo', 'makeRevision'] as const) {
      const limits = new Limits(config);
      const change = () => limits.count(user, API.makeRevision, { from: 1, changes: [{ kind: 'remove', cut: 0 }] });
      const ask = () => limits.count(user, API[each], each === 'makeRevision' ? anotherStyle : {});
      for (let i = 0; i < 9; i += 1) await change();
      await ask();
      await expect(ask(), each).rejects.toMatchObject({ status: 429 });
      // What was refused took nothing of what is left.
      await change();
      await expect(change(), each).rejects.toMatchObject({ status: 429 });
      await limits.count(user, API.cancelJob, undefined);
    }
  });

  type Ask = (path: string, body?: unknown, more?: Record<string, string>) => Promise<number>;

  /** Has `work` ask for things as Ann, who may have so many montages an hour, on an empty store: by POST, told the status of the answer. */
  async function asAnn(montages: number, work: (ask: Ask) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'montage-limits-'));
    try {
      const store = new FolderStore(folder);
      await store.prepare();
      const config = readConfig({ ...SETTINGS, MONTAGE_JOBS_PER_HOUR: String(montages) });
      const asked = { store, config, limits: new Limits(config), query: {}, method: 'POST', now };
      await work(async (path, body, more = {}) => {
        const { route } = findRoute('POST', path);
        const header = headers({ Authorization: `Bearer ${TOKENS.ann}`, ...more });
        return (await answer(route as Route, { ...asked, header, body: async () => body })).status;
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('counts nothing that was refused, nor a montage that was asked for twice under one key', async () => {
    await asAnn(2, async (ask) => {
      const post = (body: unknown) => ask('/v1/jobs', body, { 'Idempotency-Key': 'summer-1' });
      const order = { footageSet: `${ANN}~Summer`, style: 'mtv' };
      for (let i = 0; i < 3; i += 1)
        await expect(post({ style: 'no such style' })).rejects.toMatchObject({ status: 400 });
      expect([await post(order), await post(order), await post(order)]).toEqual([201, 200, 200]);
    });
  });

  it('lets people wait for the demo’s clips, however often it is asked whether they are made', async () => {
    await asAnn(1, async (ask) => {
      expect([await ask('/v1/demo'), await ask('/v1/demo'), await ask('/v1/demo')]).toEqual([202, 202, 202]);
    });
  });
});

const REPORT = {
  output: {
    width: 640,
    height: 360,
    frameRate: '30/1',
    frames: 375,
    durationSeconds: 12.5,
    loudness: { integratedLufs: -14, truePeakDb: -1 },
  },
};
