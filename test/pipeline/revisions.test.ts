import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../shared/api/client.ts';
import type { Change } from '../../shared/edits/change.ts';
import { mediaTools } from '../../shared/media/tools.ts';
import type { JobStatus } from '../../shared/status.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { type Started, start } from './command.ts';
import { makeHoliday, makeTune } from './material.ts';

const run = promisify(execFile);
const README = await readFile(resolve(import.meta.dirname, '../../README.md'), 'utf8');

let folder: string;
let data: string;
let served: Started;
let client: Client;
let job: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-revisions-'));
  data = join(folder, 'data');
  const holiday = await makeHoliday(folder);
  const { path: tune } = await makeTune(folder);
  await mkdir(join(data, 'input/holiday'), { recursive: true });
  await mkdir(join(data, 'music'), { recursive: true });
  for (const name of await readdir(holiday)) await copyFile(join(holiday, name), join(data, 'input/holiday', name));
  await copyFile(tune, join(data, 'music/tune.wav'));
  served = start(['serve', '--port', '0', '--data', data], { cwd: folder, env: { MONTAGE_SETTLE_SECONDS: '1' } });
  client = new Client({ url: (await served.until(/running at (http:\S+)/))[1] ?? '' });
  const order = { footageSet: 'holiday', style: 'mtv', quality: 'preview', music: 'tune.wav' } as const;
  ({ id: job } = await client.createJob(order, 'revisions'));
  await finished();
});
afterAll(async () => {
  served.child.kill('SIGTERM');
  await served.ended;
  await rm(folder, { recursive: true, force: true });
});

async function finished(): Promise<JobStatus> {
  for (;;) {
    const status = await client.job(job);
    if (status.state === 'failed') throw new Error(status.failure?.reason);
    if (status.state === 'done') return status;
    await sleep(100);
  }
}
const make = (revision: number, from: number, ...changes: Change[]) =>
  client.call('makeRevision', { parameters: { job, revision }, body: { from, changes } });
async function timeline(revision: number): Promise<Timeline> {
  const answer = await client.call('showTimeline', { parameters: { job, revision } });
  if (answer.status !== 200) throw new Error('it is not planned');
  return answer.body;
}
/** MD5 of every picture of a finished revision. */
async function pictures(revision: number): Promise<string[]> {
  const { ffmpeg } = await mediaTools();
  const file = join(data, 'output', job, `r${revision}`, 'montage.mp4');
  const { stdout } = await run(ffmpeg, ['-v', 'error', '-i', file, '-map', '0:v', '-f', 'framemd5', '-']);
  return stdout.split('\n').flatMap((line) => (/^\d/.test(line) ? (line.split(',').at(-1)?.trim() ?? '') : []));
}
const segmentFiles = () => readdir(join(data, 'cache/segments'));

describe('a finished montage', () => {
  it('gets another picture where one cut was swapped, and the same everywhere else; the old one stays', async () => {
    const before = await timeline(1);
    const index = before.cuts.findIndex(({ alternatives }, i) => i > 1 && alternatives.length > 0);
    const rendered = (await segmentFiles()).length;
    const made = await make(2, 1, { kind: 'swap', cut: index, alternative: 0 });
    expect(made.body).toMatchObject({
      revision: 2,
      finishedRevision: 1,
      outputs: expect.arrayContaining(['montage.mp4']),
    });
    expect(await finished()).toMatchObject({ revision: 2, finishedRevision: 2 });
    const after = await timeline(2);
    const [old, now] = [await pictures(1), await pictures(2)];
    expect(now.length).toBe(old.length);
    const differing = now.flatMap((picture, frame) => (picture === old[frame] ? [] : [frame]));
    const { frame, frames } = after.cuts[index] as Timeline['cuts'][number];
    // A dissolve or a flash reaches over the cut's edges.
    const reach = before.cuts.slice(index, index + 2).map(({ transition }) => transition);
    expect(differing.length).toBeGreaterThan(frames / 2);
    expect(Math.min(...differing)).toBeGreaterThanOrEqual(frame - (reach[0]?.inFrames ?? 0));
    expect(Math.max(...differing)).toBeLessThan(frame + frames + (reach[1]?.outFrames ?? 0));
    expect((await segmentFiles()).length - rendered).toBeLessThanOrEqual(2);
    expect((await client.job(job)).segments?.total).toBe(before.cuts.length);
  });

  it('is back where it was by a revision that starts from the first, without rendering anything', async () => {
    const rendered = (await segmentFiles()).length;
    await make(3, 1);
    await finished();
    expect(await pictures(3)).toEqual(await pictures(1));
    expect((await segmentFiles()).length).toBe(rendered);
  });

  it('is made anew in another style around what is locked, as the README says', async () => {
    const [curl = ''] = [...README.matchAll(/```sh\n(curl [^`]*revisions[^`]*)```/g)].map(([, block]) => block ?? '');
    const command = curl.replace('http://127.0.0.1:8080', client.server).replace('revisions/2', 'revisions/4');
    const { stdout } = await run('sh', ['-c', command], { env: { ...process.env, JOB: job } });
    expect(JSON.parse(stdout)).toMatchObject({ revision: 4, style: 'hitchcock' });
    await finished();
    const [first, restyled] = [await timeline(1), await timeline(4)];
    expect(restyled.style.id).toBe('hitchcock');
    expect(restyled.cuts[0]).toMatchObject({
      ...{ locked: true, frame: 0, frames: first.cuts[0]?.frames, sourceFrame: first.cuts[0]?.sourceFrame },
    });
    const { body } = await client.call('listRevisions', { parameters: { job } });
    expect(body.revisions.map(({ from, finished: isDone }) => [from, isDone])).toEqual([
      [null, true],
      [1, true],
      [1, true],
      [1, true],
    ]);
  });
});
