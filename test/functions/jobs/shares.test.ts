import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { linkOf } from '../../../functions/jobs/share-token.ts';
import { API, type Operation } from '../../../shared/api/operations.ts';
import { jobId } from '../../../shared/job-id.ts';
import { jobRequestKey, outputKeys, revisionKeys, sharedFileKey, shareKeys } from '../../../shared/keys.ts';
import { JobRequestSchema } from '../../../shared/request.ts';
import { MadeShareSchema, SharedMontageSchema } from '../../../shared/shares.ts';
import { allJobs } from '../../../storage/jobs.ts';
import { clearShares, findShare } from '../../../storage/shares.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { ask } from './ask.ts';

const HOUR_MS = 3600 * 1000;
const SET = 'Grandma’s surprise party';
const CLIP = 'cake-in-the-garden.mp4';
const SONG = 'Secret Song.mp3';
const TITLE = '80 & überschön!';
const NOWHERE = 'This link leads nowhere: it has expired, was revoked, or never was one';

describeBothStores('Share links', (store) => {
  const at = (path: string, { method = 'GET', body, key, now }: Asked = {}) =>
    ask(store(), method, path, body, key === undefined ? {} : { 'Idempotency-Key': key }, {}, now);
  const share = async (job: string, body: object = {}, asked: Asked = {}) => {
    const reply = await at(`/v1/jobs/${job}/shares`, { method: 'POST', key: crypto.randomUUID(), ...asked, body });
    return MadeShareSchema.parse('body' in reply ? reply.body : null);
  };
  const shown = async (token: string, now?: Date) => {
    const reply = await at(`/v1/shares/${token}`, now ? { now } : {});
    return SharedMontageSchema.parse('body' in reply ? reply.body : null);
  };
  const revoke = (job: string, id: string) => at(`/v1/jobs/${job}/shares/${id}`, { method: 'DELETE' });
  const listed = async (job: string, now?: Date) => {
    const reply = await at(`/v1/jobs/${job}/shares`, now ? { now } : {});
    return 'body' in reply ? (reply.body as { shares: { id: string }[] }).shares : [];
  };
  /** Where a link's file is to be had. */
  const whereIs = async (token: string, file: string, now?: Date) => {
    const reply = await at(`/v1/shares/${token}/${file}`, now ? { now } : {});
    return new URL('location' in reply ? reply.location : '');
  };
  const notesOf = async () => {
    const keys = [...(await Array.fromAsync(store().list('jobs', '_shares/')))];
    const files = await Array.fromAsync(store().list('output', '_shares/'));
    return [...keys, ...files].map(({ key }) => key);
  };

  /** A job with finished revisions, as assemble leaves it, and what each one's video holds. */
  const finished = async (revisions = 1) => {
    const job = jobId(SET, crypto.randomUUID());
    const request = JobRequestSchema.parse({ footageSet: SET, title: TITLE, music: SONG, clips: [`${SET}/${CLIP}`] });
    await store().putOnce('jobs', jobRequestKey(job), JSON.stringify(request));
    for (let revision = 1; revision <= revisions; revision += 1) {
      const keys = outputKeys(job, revision);
      if (revision > 1)
        await store().putOnce('jobs', revisionKeys(job, revision).edit, JSON.stringify({ from: 1, changes: [] }));
      await store().putOnce('output', keys.montage, `video ${revision} of ${job}`);
      await store().putOnce('output', keys.poster, `poster ${revision} of ${job}`);
      await store().putOnce('output', keys.timeline, CLIP);
      await store().putOnce('output', keys.report, JSON.stringify(reportOf(job)));
      await store().putOnce('jobs', revisionKeys(job, revision).done, '{}');
    }
    return job;
  };
  let job = '';
  beforeAll(async () => {
    job = await finished();
  });

  it('show a montage and its files to whoever has nothing but the token, for a week', async () => {
    const now = new Date();
    const made = await share(job, {}, { now });
    expect(Buffer.from(made.token, 'base64url').length).toBe(32);
    expect(made.path).toBe(`/share/${made.token}`);
    expect(Date.parse(made.expiresAt) - now.getTime()).toBe(168 * HOUR_MS);
    const montage = await shown(made.token);
    expect(montage).toMatchObject({ title: TITLE, durationSeconds: 12.5, width: 640, height: 360 });
    expect(montage.expiresAt).toBe(made.expiresAt);
    expect(montage.video).toBe(`/v1/shares/${made.token}/montage.mp4`);
    const answer = await fetch(await whereIs(made.token, 'montage.mp4'));
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['video/mp4', `video 1 of ${job}`]);
    expect(answer.headers.get('content-disposition')).toBeNull();
    expect(await (await fetch(await whereIs(made.token, 'poster.jpg'))).text()).toBe(`poster 1 of ${job}`);
    expect(montage.download).toBe(`${montage.video}?save=true`);
    const saved = await fetch(await whereIs(made.token, 'montage.mp4?save=true'));
    expect(saved.headers.get('content-disposition')).toContain('attachment; filename="80 & _bersch_n!.mp4"');
    expect(saved.headers.get('content-disposition')).toContain("filename*=UTF-8''80%20%26%20%C3%BCbersch%C3%B6n!.mp4");
    const [{ id = '', ...rest } = {}] = await listed(job);
    expect([id, Object.keys(rest).sort()]).toEqual([made.id, ['createdAt', 'expiresAt', 'revision']]);
    await revoke(job, made.id);
  });

  it('are of the latest finished revision, or of the one that is named, and stay so', async () => {
    const two = await finished(2);
    const [latest, first] = [await share(two), await share(two, { revision: 1 })];
    expect([latest.revision, first.revision]).toEqual([2, 1]);
    expect(await (await fetch(await whereIs(first.token, 'montage.mp4'))).text()).toBe(`video 1 of ${two}`);
    expect((await listed(two)).map(({ id }) => id).sort()).toEqual([latest.id, first.id].sort());
    await expect(share(two, { revision: 3 })).rejects.toThrow('has no finished revision 3');
    await at(`/v1/jobs/${two}`, { method: 'DELETE' });
    await expect(shown(latest.token)).rejects.toThrow(NOWHERE);
    expect(await notesOf()).toEqual([]);
  });

  it('are known by the hash of the token, which is noted nowhere', async () => {
    const made = await share(job);
    for (const key of await notesOf()) {
      expect(key).not.toContain(made.token);
      const bucket = (await store().stat('jobs', key)) ? 'jobs' : 'output';
      expect((await store().read(bucket, key)).toString()).not.toContain(made.token);
    }
    expect(await store().stat('jobs', shareKeys.link(linkOf(made.token)))).not.toBeNull();
    await revoke(job, made.id);
  });

  it('are one for the same request sent twice, also at once, and each has a token of its own', async () => {
    const key = crypto.randomUUID();
    const [a, b] = await Promise.all([share(job, {}, { key }), share(job, {}, { key })]);
    expect(b).toEqual(a);
    expect((await at(`/v1/jobs/${job}/shares`, { method: 'POST', body: {}, key })).status).toBe(200);
    const other = await share(job);
    expect([other.id, other.token]).not.toEqual([a.id, a.token]);
    expect(await shown(a.token)).toMatchObject({ title: TITLE });
    const elsewhere = await finished();
    expect((await share(elsewhere, {}, { key })).token).not.toBe(a.token);
    await at(`/v1/jobs/${elsewhere}`, { method: 'DELETE' });
    for (const { id } of [a, other]) await revoke(job, id);
  });

  it('say the same when expired, revoked, of a job that is no more, and never there', async () => {
    const now = new Date();
    const [short, revoked] = [await share(job, { expiresInHours: 1 }, { now }), await share(job)];
    const signed = await whereIs(revoked.token, 'montage.mp4');
    await revoke(job, revoked.id);
    // Not even an address that was given out before leads there any more.
    expect((await fetch(signed)).ok).toBe(false);
    await expect(revoke(job, revoked.id)).rejects.toThrow(`has no share link ${revoked.id}`);
    const gone = await finished();
    const orphan = await share(gone);
    await at(`/v1/jobs/${gone}`, { method: 'DELETE' });
    const later = new Date(now.getTime() + HOUR_MS);
    const beforeIt = new Date(later.getTime() - 1);
    expect(await shown(short.token, beforeIt)).toMatchObject({ title: TITLE });
    for (const [token, when] of [
      [short.token, later],
      [revoked.token, now],
      [orphan.token, now],
      ['A'.repeat(43), now],
      ['x', now],
      ['..', now],
      ['%2e%2e%2f..', now],
      [short.token.toLowerCase(), now],
    ] as const)
      for (const path of [`/v1/shares/${token}`, `/v1/shares/${token}/montage.mp4`])
        await expect(at(path, { now: when })).rejects.toMatchObject({ status: 404, message: NOWHERE });
    expect(await listed(job, later)).toEqual([]);
    expect(await findShare(store(), linkOf(short.token), beforeIt)).not.toBeNull();
    await clearShares(store(), beforeIt);
    expect((await listed(job)).length).toBe(1);
    await clearShares(store(), later);
    expect(await notesOf()).toEqual([]);
  });

  it('have their files signed for no longer than they last', async () => {
    const now = new Date();
    const made = await share(job, { expiresInHours: 1 }, { now });
    const in50Minutes = new Date(now.getTime() + 50 * 60_000);
    const { searchParams } = await whereIs(made.token, 'montage.mp4', in50Minutes);
    const ends = searchParams.get('expires');
    // The folder's says when it ends, S3's for how long it lasts.
    const seconds = ends ? Number(ends) - Date.now() / 1000 : Number(searchParams.get('X-Amz-Expires'));
    expect(seconds).toBeGreaterThan(595);
    expect(seconds).toBeLessThanOrEqual(600);
    await revoke(job, made.id);
  });

  it.each([
    [{ expiresInHours: 0 }, 'expiresInHours'],
    [{ expiresInHours: 8761 }, 'expiresInHours'],
    [{ expiresInHours: 1.5 }, 'expiresInHours'],
    [{ revision: 0 }, 'revision'],
    [{ colour: 'red' }, 'colour'],
  ])('refuse %j, and say why', async (body, said) => {
    await expect(share(job, body)).rejects.toThrow(said);
  });

  it('are not made of what isn’t finished or isn’t there', async () => {
    const waiting = jobId('waiting', crypto.randomUUID());
    await store().putOnce('jobs', jobRequestKey(waiting), JSON.stringify({ footageSet: 'waiting' }));
    await expect(share(waiting)).rejects.toMatchObject({ status: 409 });
    await expect(share('nothing-0123456789')).rejects.toThrow('There is no job nothing-0123456789');
    await expect(listed('nothing-0123456789')).rejects.toThrow('There is no job nothing-0123456789');
    await expect(revoke(job, '..%2f..%2fx')).rejects.toThrow('a share link is named like');
    await at(`/v1/jobs/${waiting}`, { method: 'DELETE' });
  });

  it('are taken for no job', async () => {
    const made = await share(job);
    expect((await allJobs(store())).map((seen) => seen.job)).toEqual([job]);
    for (const name of ['_shares', '_shares%2Fmade', `_shares%2Fmade%2F${job}`])
      await expect(at(`/v1/jobs/${name}`)).rejects.toMatchObject({ status: 404 });
    await revoke(job, made.id);
  });

  it('are twenty at most, and those that have expired don’t count', async () => {
    const now = new Date();
    const made = [];
    for (let i = 0; i < 20; i += 1) made.push(await share(job, { expiresInHours: 1 }, { now, key: `share ${i}` }));
    await expect(share(job, {}, { now })).rejects.toThrow('has 20 share links already');
    expect(await share(job, {}, { now, key: 'share 7' })).toEqual(made[7]);
    const later = new Date(now.getTime() + HOUR_MS);
    const again = await share(job, {}, { now: later, key: 'share 7' });
    expect(again.token).not.toBe(made[7]?.token);
    expect((await listed(job, later)).map(({ id }) => id)).toEqual([again.id]);
    await revoke(job, again.id);
    expect(await notesOf()).toEqual([]);
  });

  it('open nothing else: no other file, no job, no clip, and not even what they are of', async () => {
    const other = await finished();
    const made = await share(job);
    const answer = await shown(made.token);
    const addresses = await Promise.all(['montage.mp4', 'poster.jpg'].map((file) => whereIs(made.token, file)));
    const told = JSON.stringify([answer, addresses.map(({ pathname, search }) => pathname + search)]);
    for (const secret of [job, other, jobId(SET, 'x').slice(0, -11), SET, CLIP, SONG, 'Grandma', 'cut because'])
      expect(told.toLowerCase()).not.toContain(secret.toLowerCase());
    // Whatever may be asked with the token in the place of every name says that there is no such thing.
    const own: string[] = [API.showShare.path, API.findShared.path];
    const named = Object.values<Operation>(API).filter(({ path }) => path.includes('{') && !own.includes(path));
    for (const { method, path } of named) {
      const filled = path
        .replace(/\{revision\}/g, '1')
        .replace(/\{bucket\}/g, 'input')
        .replace(/\{\w+\}/g, made.token);
      const key = crypto.randomUUID();
      const asked = at(filled, method === 'GET' ? {} : { method, body: {}, key });
      // Removing an upload that isn't there is no mistake.
      await asked.then(
        (reply) => expect([path, 'body' in reply || 'location' in reply]).toEqual([path, false]),
        (error: Error) => expect(error.message).not.toContain(job),
      );
    }
    const anything = fc.oneof(
      fc.string(),
      fc.constantFrom('montage.otio', 'report.json', job, other, SET, CLIP, '', '.', '..', '/', 'r1', 'montage.mp4'),
    );
    const somewhere = fc.array(anything, { minLength: 1, maxLength: 4 }).map((parts) => parts.map(encodeURIComponent));
    await fc.assert(
      fc.asyncProperty(somewhere, async (parts) => {
        if (parts.length === 1 && ['montage.mp4', 'poster.jpg'].includes(parts[0] ?? '')) return;
        await expect(at(`/v1/shares/${made.token}/${parts.join('/')}`)).rejects.toThrow();
      }),
      { numRuns: 60 },
    );
    // What is signed is signed for that file alone.
    for (const address of addresses)
      for (const key of [
        outputKeys(job, 1).report,
        outputKeys(job, 1).montage,
        sharedFileKey(made.id, 'report.json'),
      ]) {
        const [root = ''] = address.pathname.split('_shares');
        const moved = new URL(address);
        moved.pathname = `${root}${key}`;
        expect((await fetch(moved)).ok).toBe(false);
      }
    await revoke(job, made.id);
    await at(`/v1/jobs/${other}`, { method: 'DELETE' });
  });
});

interface Asked {
  method?: string;
  body?: unknown;
  key?: string;
  now?: Date;
}

const reportOf = (job: string) => ({
  job,
  style: 'dynamic',
  seed: 1,
  output: {
    width: 640,
    height: 360,
    frameRate: '30/1',
    frames: 375,
    durationSeconds: 12.5,
    loudness: { integratedLufs: -14, truePeakDb: -1 },
  },
  music: { file: SONG },
  cuts: [{ frame: 0, time: 0, source: CLIP, sourceStart: 0, sourceEnd: 1, reason: 'cut because', beat: null }],
  rejected: [],
  notes: [],
  timings: { analysisSeconds: 0, planSeconds: 0, renderSeconds: 0, assembleSeconds: 0, totalSeconds: 0 },
});
