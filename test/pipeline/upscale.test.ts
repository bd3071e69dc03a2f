import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCpuUpscaler } from '../../functions/upscale/cpu/cpu-upscaler.ts';
import { loadModel } from '../../functions/upscale/network/models.ts';
import { Client } from '../../shared/api/client.ts';
import type { Change } from '../../shared/edits/change.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import { type PlannedSegment, plannedSegments } from '../../shared/planned-segments.ts';
import { ReportSchema } from '../../shared/report.ts';
import type { JobStatus } from '../../shared/status.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { upscalePackagesMissing } from '../functions/upscale/packages.ts';
import { psnr } from '../functions/upscale/raw-picture.ts';
import { makeClip } from '../media/clip.ts';
import { type Picture, picturesOf } from '../media/pixels.ts';
import { makeSong } from '../media/song.ts';
import { type Started, start } from './command.ts';

/** Plain cuts of what is filmed: nothing between the network's picture and the file but the encoder. */
const PLAIN = { 'look.grain': 0, 'look.vignette': 0, 'transitions.type': 'cut' } as const;
const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

let folder: string;
let data: string;
let served: Started;
let client: Client;
const order = { footageSet: 'film', quality: 'preview', format: 'source', music: 'tune.wav', set: PLAIN } as const;

beforeAll(async () => {
  if (upscalePackagesMissing) return;
  folder = await mkdtemp(join(tmpdir(), 'montage-upscale-'));
  data = join(folder, 'data');
  const film = join(data, 'input/film');
  await mkdir(film, { recursive: true });
  await mkdir(join(data, 'music'), { recursive: true });
  await makeClip(film, { name: 'a.mp4', width: 160, height: 90, seconds: 4, seed: 1 });
  await makeClip(film, { name: 'b.mp4', width: 160, height: 90, seconds: 4, seed: 2 });
  await makeClip(film, { name: 'sharp.mp4', width: 320, height: 180, seconds: 4, seed: 3 });
  await makeSong(join(data, 'music'), { name: 'tune', tempo: 120, bars: 2 });
  // No machine that has a GPU makes another test of this.
  const env = { MONTAGE_SETTLE_SECONDS: '0', VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' };
  served = start(['serve', '--port', '0', '--data', data], { cwd: folder, env });
  client = new Client({ url: (await served.until(/running at (http:\S+)/))[1] ?? '' });
});
afterAll(async () => {
  if (upscalePackagesMissing) return;
  served.child.kill('SIGTERM');
  await served.ended;
  await rm(folder, { recursive: true, force: true });
});

async function until(job: string, is: (status: JobStatus) => boolean): Promise<JobStatus> {
  for (;;) {
    const status = await client.job(job);
    if (is(status)) return status;
    if (status.state === 'failed') throw new Error(status.failure?.reason);
    await sleep(100);
  }
}
const finished = (job: string) => until(job, ({ state }) => state === 'done');
async function timelineOf(job: string, revision: number): Promise<Timeline> {
  const answer = await client.call('showTimeline', { parameters: { job, revision } });
  if (answer.status !== 200) throw new Error('it is not planned');
  return answer.body;
}
const reportOf = (job: string) =>
  client.output(job, 'report.json', async (content) => ReportSchema.parse(await new Response(content).json()));
const cacheFile = (hash: string) => join(data, 'cache/segments', `${hash}.mp4`);
const bytesOf = ({ y, u, v }: Picture) => Buffer.concat([y, u, v]);

describe.skipIf(upscalePackagesMissing)(`a montage that is ordered upscaled${skipped}`, () => {
  let job: string;
  let timeline: Timeline;
  let planned: PlannedSegment[];
  beforeAll(async () => {
    ({ id: job } = await client.createJob({ ...order, upscale: { onCpu: true } }, 'upscaled'));
    await finished(job);
    timeline = await timelineOf(job, 1);
    planned = plannedSegments(timeline);
  });

  it('is as large as ordered, has every frame, and tells what made it so', async () => {
    expect(timeline).toMatchObject({ width: 320, height: 180, upscale: { scale: 2, model: 'slim', onCpu: true } });
    const pictures = await picturesOf(join(data, 'output', job, 'r1/montage.mp4'));
    expect(pictures[0]).toMatchObject({ width: 320, height: 180 });
    expect(pictures).toHaveLength(timeline.frames);
    const chunks = planned.flatMap((segment) => segment.chunks);
    const sharpCuts = timeline.cuts.filter(({ source }) => timeline.sources[source]?.file === 'sharp.mp4').length;
    expect([chunks.length > 0, sharpCuts > 0]).toEqual([true, true]);
    const { upscaling, notes } = await reportOf(job);
    const [device] = upscaling?.devices ?? [];
    expect(upscaling).toMatchObject({ scales: [2], model: 'slim', pieces: chunks.length, sharpCuts });
    expect(device).toMatchObject({ name: expect.stringMatching(/^CPU, \d+ threads?$/), pieces: chunks.length });
    expect(notes.at(-1)).toBe(
      `Upscaled ×2 by slim on ${device?.name}: ${chunks.length} pieces${sharpCuts > 0 ? `; ${sharpCuts} cut${sharpCuts === 1 ? ' was' : 's were'} sharp enough already` : ''}.`,
    );
  });

  it('shows what the network makes of its small segments, which is not what stretching makes of them', async () => {
    const at = planned.findIndex(({ chunks }) => chunks.length > 0);
    const before = planned.slice(0, at).reduce((sum, { spec }) => sum + spec.frames, 0);
    const { hash, spec } = planned[at] as PlannedSegment;
    const middle = spec.frames >> 1;
    const [small, stretched, shown] = await Promise.all([
      picturesOf(cacheFile(hash)).then((pictures) => pictures[middle] as Picture),
      lanczos(cacheFile(hash)).then((pictures) => pictures[middle] as Picture),
      picturesOf(join(data, 'output', job, 'r1/montage.mp4')).then((pictures) => pictures[before + middle] as Picture),
    ]);
    expect([small.width, small.height]).toEqual([160, 90]);
    const model = await loadModel('slim', 2);
    const format = { width: 160, height: 90, bits: 8, matrix: 'bt709', range: 'limited' } as const;
    await using upscaler = await openCpuUpscaler({ model, format });
    const own = await upscaler.upscale(bytesOf(small));
    const near = psnr(own, bytesOf(shown), 255);
    expect(near).toBeGreaterThan(30);
    expect(near).toBeGreaterThan(psnr(bytesOf(stretched), bytesOf(shown), 255) + 1);
  });

  it('has only what was changed made larger again in its next revision', async () => {
    const before = new Set(await readdir(join(data, 'cache/segments')));
    const cut = timeline.cuts.findIndex(
      ({ source, alternatives }) => timeline.sources[source]?.file !== 'sharp.mp4' && alternatives.length > 0,
    );
    const changes: Change[] = [{ kind: 'swap', cut, alternative: 0 }];
    await client.call('makeRevision', { parameters: { job, revision: 2 }, body: { from: 1, changes } });
    await until(job, ({ state, revision }) => state === 'done' && revision === 2);
    const changed = await timelineOf(job, 2);
    expect(changed.upscale).toEqual(timeline.upscale);
    const old = new Set(planned.flatMap(({ hash, chunks }) => [hash, ...chunks.map((chunk) => chunk.hash)]));
    const expected = plannedSegments(changed)
      .flatMap(({ hash, chunks }) => [hash, ...chunks.map((chunk) => chunk.hash)])
      .filter((hash) => !old.has(hash));
    const made = (await readdir(join(data, 'cache/segments'))).filter((name) => !before.has(name));
    expect(made.sort()).toEqual([...new Set(expected)].map((hash) => `${hash}.mp4`).sort());
    expect(made.length).toBeLessThan(before.size);
  });
});

describe.skipIf(upscalePackagesMissing)(`without a GPU${skipped}`, () => {
  it('a montage that may not be upscaled on the CPU fails with what to do, and goes on where it stopped when retried', async () => {
    const { id } = await client.createJob({ ...order, seed: 2, upscale: {} }, 'no-gpu');
    const failed = await until(id, ({ state }) => state === 'failed');
    expect(failed.failure).toMatchObject({
      stage: 'upscale',
      reason: expect.stringMatching(/^\S+ has no GPU .*retry.*--upscale-on-cpu/),
    });
    const rendered = failed.segments?.rendered ?? 0;
    expect(rendered).toBeGreaterThan(0);
    await client.retry(id);
    const again = await until(id, ({ state, failure }) => state === 'failed' && failure !== null);
    expect(again.segments?.rendered).toBeGreaterThanOrEqual(rendered);
    await client.cancel(id);
  });

  it('one that is cancelled stops being made larger, and leaves nothing', async () => {
    const { id } = await client.createJob(
      { ...order, seed: 3, upscale: { model: 'medium', onCpu: true } },
      'cancelled',
    );
    await until(id, ({ upscaling }) => (upscaling?.upscaled ?? 0) > 0);
    await client.cancel(id);
    const begun = Date.now();
    const atWork = async () => {
      const { body } = await client.call('showFunctions', {});
      return body.functions.find(({ name }) => name === 'upscale')?.atWork;
    };
    while ((await atWork()) !== 0 && Date.now() - begun < 10_000) await sleep(50);
    expect(await atWork()).toBe(0);
    expect(await readdir(join(data, 'output')).then((jobs) => jobs.includes(id))).toBe(false);
  });
});

/** A file's pictures, twice as wide and high by ffmpeg's own means. */
async function lanczos(path: string): Promise<Picture[]> {
  const out = join(folder, 'lanczos.mkv');
  const how = ['-vf', 'scale=320:180:flags=lanczos', '-c:v', 'ffv1', `file:${out}`];
  await ffmpeg(['-v', 'error', ...input(path), ...how], { timeLimitSeconds: 60 });
  return picturesOf(out);
}
