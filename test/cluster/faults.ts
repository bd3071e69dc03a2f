import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { type Deployed, type Patch, until } from './deployed.ts';
import { drop, finished, montageOf } from './dropped.ts';

/** What of an object is its author's. */
const ObjectSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string(), labels: z.record(z.string(), z.string()).optional() }),
  spec: z.unknown(),
});

/** What was lost counts as lost after less than a minute instead of two. The timer is as shipped. */
export const soonLost: Patch = {
  target: { kind: 'ConfigMap', name: 'montage' },
  patch: [{ op: 'replace', path: '/data/MONTAGE_LOST_AFTER_SECONDS', value: '45' }],
};

/** Claims about a cluster in which things go away while a montage is made. */
export function faults(deployed: () => Deployed, scratch: () => string): void {
  const material = async (set: string, seed: number) => {
    const system = deployed();
    const { path: song } = await makeSong(scratch(), { name: `song of ${set}`, tempo: 120, bars: 4 });
    const clip = { name: `${set}.mp4`, seconds: 12, seed, width: 160, height: 90 };
    const { path } = await makeClip(scratch(), clip);
    await system.store.client.fPutObject('music', basename(song), song);
    return { clips: [path], order: { style: 'mtv', quality: 'preview', music: basename(song) } };
  };
  const rendering = (set: string) =>
    until('a segment is in hand', async () => {
      const jobs = await deployed()
        .client.jobs()
        .catch(() => []);
      const job = jobs.find(({ footageSet }) => footageSet === set);
      return job?.segments && job.segments.rendered > 0 && job.segments.rendered < job.segments.total ? job : null;
    });
  /** Deletes an object; what is returned makes it anew as an operator's `kubectl apply` would. */
  const takeAway = async (kind: string, name: string) => {
    const system = deployed();
    const {
      apiVersion,
      kind: kindName,
      metadata,
      spec,
    } = ObjectSchema.parse(JSON.parse(await system.kubectl('get', kind, name, '-o', 'json')));
    await system.kubectl('delete', kind, name, '--wait=true');
    return async () => {
      await system.apply({ apiVersion, kind: kindName, metadata, spec });
      await system.kubectl('wait', '--for=condition=Ready', `${kind}/${name}`, '--timeout=120s');
    };
  };
  /** Once and whole: what a montage leaves, no more and no less. */
  const whole = async (set: string) => {
    const system = deployed();
    const job = await finished(system, set, 420);
    expect((await montageOf(system, job)).length).toBeGreaterThan(10_000);
    const outputs: string[] = [];
    for await (const { key } of system.store.list('output', `${job}/`)) outputs.push(key);
    expect(outputs.sort()).toEqual(
      ['montage.mp4', 'montage.otio', 'poster.jpg', 'report.json'].map((name) => `${job}/r1/${name}`).sort(),
    );
    const jobs = (await system.client.jobs()).filter(({ footageSet }) => footageSet === set);
    expect(jobs.map(({ state }) => state)).toEqual(['done']);
    const { segments } = await system.client.job(job);
    expect(segments?.rendered).toBe(segments?.total);
  };

  it('comes out although a render pod is deleted in the middle of its work', async () => {
    const system = deployed();
    const { clips, order } = await material('podless', 31);
    await drop(system, 'podless', clips, order);
    const inHand = await until('a segment is in hand', () => {
      const lines = [...system.logs.said('render', 'woken'), ...system.logs.said('render', 'finished')];
      const ours = lines.filter(({ key }) => String(key).startsWith('podless-'));
      const finished = new Set(ours.filter(({ message }) => message === 'finished').map(({ key }) => key));
      return ours.find(({ message, key }) => message === 'woken' && !finished.has(key));
    });
    await system.kubectl('delete', 'pod', inHand.pod, '--grace-period=0', '--force');
    await whole('podless');
    // Somebody else has done what it had in hand.
    const [segment = ''] = String(inHand.key).split('/').at(-1)?.split('.') ?? [];
    const by = system.logs.said('render', 'finished').filter(({ key }) => String(key).includes(segment));
    expect(by.length).toBeGreaterThan(0);
    expect(by.map(({ pod }) => pod)).not.toContain(inHand.pod);
  });

  it('comes out although ingest is away while the files arrive', async () => {
    const system = deployed();
    const { clips, order } = await material('unheard', 32);
    const putBack = await takeAway('ksvc', 'ingest');
    await drop(system, 'unheard', clips, order);
    await putBack();
    // Not the timer, which knows of orders only, but what the store kept of each file.
    const told = await until('the clip is told of', () =>
      system.logs.said('analyze-footage', 'woken').find(({ key }) => key === 'unheard/unheard.mp4'),
    );
    expect(told).toMatchObject({ type: 'ai.montage.footage.created' });
    await whole('unheard');
  });

  it('comes out although the broker forgets what it was delivering', async () => {
    const system = deployed();
    const { clips, order } = await material('forgotten', 33);
    await drop(system, 'forgotten', clips, order);
    await rendering('forgotten');
    const selector = 'messaging.knative.dev/role=dispatcher';
    await system.inKnative('delete', 'pod', '-l', selector, '--grace-period=0', '--force');
    await whole('forgotten');
  });

  it('comes out although an event was lost for good: the timer finds what nobody was told of', async () => {
    const system = deployed();
    const { clips, order } = await material('untold', 36);
    const asked = system.logs.said('plan', 'woken').length;
    const putBack = await takeAway('trigger', 'plan');
    await drop(system, 'untold', clips, order);
    await until('the plan is asked for', async () => {
      const jobs = await system.client.jobs().catch(() => []);
      const job = jobs.find(({ footageSet }) => footageSet === 'untold');
      return job && (await system.store.stat('jobs', `${job.id}/r1/requests/plan/timeline.1.json`));
    });
    await putBack();
    await sleep(5000);
    expect(system.logs.said('plan', 'woken').length).toBe(asked);
    // Every minute rather than every five.
    const schedule = (cron: string) =>
      system.kubectl('patch', 'pingsource', 'tick', '--type=merge', `--patch={"spec":{"schedule":"${cron}"}}`);
    await schedule('* * * * *');
    await whole('untold');
    await schedule('*/5 * * * *');
  });

  it('comes out although the store is restarted while it is made', async () => {
    const system = deployed();
    const { clips, order } = await material('storeless', 34);
    await drop(system, 'storeless', clips, order);
    await rendering('storeless');
    await system.kubectl('delete', 'pod', 'minio-0', '--grace-period=0', '--force');
    await system.kubectl('wait', '--for=condition=Ready', 'pod/minio-0', '--timeout=120s');
    await whole('storeless');
  });

  it('comes out once although what has been told is told ten times more, the latest first, at all stages of the work', async () => {
    const system = deployed();
    const { clips, order } = await material('echo', 35);
    await drop(system, 'echo', clips, order);
    const url = await system.url('ingest');
    const tellAgain = async () => {
      // A time of its own each time: else ingest knows it again, and the functions would never hear of it.
      const eventTime = new Date().toISOString();
      const records: object[] = [];
      for (const [bucket, prefix] of [
        ['input', 'echo/'],
        ['music', 'song of echo'],
        ['jobs', 'echo-'],
      ] as const)
        for await (const { key, etag, size } of system.store.list(bucket, prefix))
          records.push({
            eventName: 's3:ObjectCreated:Put',
            eventTime,
            s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key), eTag: etag, size } },
          });
      for (let from = records.length; from > 0; from -= 100) {
        const Records = records.slice(Math.max(0, from - 100), from).reverse();
        // As the store does, it sends again what the broker had no room for.
        await until('it is taken', async () => {
          const answer = await fetch(url, {
            method: 'POST',
            headers: { authorization: `Bearer ${system.token()}`, 'content-type': 'application/json' },
            body: JSON.stringify({ Records }),
          });
          expect([200, 503]).toContain(answer.status);
          return answer.ok;
        });
      }
    };
    for (let i = 0; i < 4; i += 1) await tellAgain();
    await rendering('echo');
    for (let i = 0; i < 3; i += 1) await tellAgain();
    await finished(system, 'echo', 420);
    for (let i = 0; i < 3; i += 1) await tellAgain();
    await whole('echo');
  });

  it('is refused a notification with a wrong token or of a strange bucket', async () => {
    const system = deployed();
    const url = await system.url('ingest');
    const post = async (token: string, body: object) =>
      (
        await fetch(url, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status;
    expect(await post('not the token at all', { Records: [] })).toBe(401);
    const strange = {
      eventName: 's3:ObjectCreated:Put',
      eventTime: new Date().toISOString(),
      s3: { bucket: { name: 'strange' }, object: { key: 'x', eTag: 'x', size: 1 } },
    };
    expect(await post(system.token(), { Records: [strange] })).toBe(400);
  });
}
