import { basename } from 'node:path';
import { expect, it } from 'vitest';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { type Deployed, until } from './deployed.ts';
import { drop, finished } from './dropped.ts';
import type { PodLine } from './pod-logs.ts';
import { SLOW_SECONDS } from './slow-encoder.ts';

const SETS = ['one', 'two', 'three'];
const PODS = 2;
/** How much of two pods' time may pass without work, between the first segment and the last: events, the window, stepping on. */
const MOST_IDLE = 0.2;

/** A piece of work as its function logged it. */
interface Span {
  pod: string;
  key: string;
  beganMs: number;
  endedMs: number;
}

/** Claims about many slow segments of several jobs at once, on two pods that take one each. */
export function manySegments(deployed: () => Deployed, scratch: () => string): void {
  it('are rendered by all pods at once, one by each, none twice, fairly between the jobs, and none waits too long', async () => {
    const system = deployed();
    const { path: song } = await makeSong(scratch(), { name: 'long', tempo: 120, bars: 14 });
    await system.store.client.fPutObject('music', basename(song), song);
    const began = system.logs.lines.length;
    for (const [i, set] of SETS.entries()) {
      const name = `${set}.mp4`;
      const { path } = await makeClip(scratch(), { name, seconds: 32, seed: 20 + i, width: 160, height: 90 });
      await drop(system, set, [path], { style: 'mtv', quality: 'preview', music: basename(song) });
    }
    await until(
      'all three are planned and rendered',
      async () => {
        const jobs = await system.client.jobs().catch(() => []);
        const ours = SETS.map((set) => jobs.find(({ footageSet }) => footageSet === set));
        expect(ours.map((job) => job?.failure ?? null)).toEqual([null, null, null]);
        return ours.every((job) => job?.state === 'done');
      },
      900,
    );
    const jobs = await Promise.all(SETS.map((set) => finished(system, set)));
    const requests = await keys(system.store, jobs, 'requests/render');
    const spans = spansOf(system.logs.lines.slice(began));
    console.log(`${requests.length} segments of ${jobs.length} jobs in ${spans.length} pieces of work`);
    expect(requests.length).toBeGreaterThanOrEqual(120);

    // No more is ever asked for than the pods work on, and as much again.
    const asked = await times(system.store, jobs, 'requests/render');
    const marked = await times(system.store, jobs, 'markers/render');
    const open = asked.map((at) => asked.filter((t) => t <= at).length - marked.filter((t) => t < at).length);
    console.log(`at most ${Math.max(...open)} of them were asked for and not finished`);
    expect(Math.max(...open)).toBeLessThanOrEqual(2 * PODS);

    // Nothing was asked for a second time, and nothing done twice.
    expect(requests.filter((key) => !key.endsWith('.1.json'))).toEqual([]);
    const encoded = spans.filter(({ beganMs, endedMs }) => endedMs - beganMs > SLOW_SECONDS * 1000);
    expect(new Set(encoded.map(({ key }) => key)).size).toBe(encoded.length);
    // Each pod has one in hand at a time, and they work at once.
    const pods = [...new Set(encoded.map(({ pod }) => pod))];
    expect(pods.length).toBeGreaterThanOrEqual(PODS);
    for (const pod of pods) expect(overlaps(encoded.filter((span) => span.pod === pod))).toBe(0);
    expect(mostAtOnce(encoded)).toBe(PODS);
    // Nobody stands idle while work waits.
    const [first, last] = [Math.min(...encoded.map((s) => s.beganMs)), Math.max(...encoded.map((s) => s.endedMs))];
    const worked = encoded.reduce((sum, span) => sum + span.endedMs - span.beganMs, 0);
    const idle = 1 - worked / ((last - first) * PODS);
    console.log(`the pods stood idle for ${(100 * idle).toFixed(1)} % of ${Math.round((last - first) / 1000)} s`);
    expect(idle).toBeLessThan(MOST_IDLE);
    // From when all three have work until the first of them runs out of it, none gets less than two thirds of what another does.
    const spansOfJobs = jobs.map((job) => encoded.filter(({ key }) => key.startsWith(`${job}/`)));
    const from = Math.max(...spansOfJobs.map((some) => Math.min(...some.map((span) => span.beganMs))));
    const to = Math.min(...spansOfJobs.map((some) => Math.max(...some.map((span) => span.endedMs))));
    const shares = spansOfJobs.map((some) => some.filter(({ beganMs }) => beganMs >= from && beganMs < to).length);
    console.log(`while all three had work, ${shares.join(', ')} segments of them were rendered`);
    expect(Math.min(...shares)).toBeGreaterThan((2 / 3) * Math.max(...shares));
    // Each was delivered once: a delivery that fails or runs out of time comes again, or ends as a dead letter.
    const woken = (name: string) =>
      system.logs.lines.slice(began).filter((line) => line.function === name && line.message === 'woken');
    expect(
      woken('render')
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(requests.toSorted());
    expect(woken('dead-letter')).toEqual([]);
    // No delivery ran out of time or failed.
    const faults = system.logs.lines.slice(began).filter(({ severity }) => severity === 'ERROR');
    expect(faults).toEqual([]);
  });
}

async function objects(store: Store, jobs: readonly string[], folder: string): Promise<ObjectInfo[]> {
  const found = jobs.map((job) => Array.fromAsync(store.list('jobs', `${job}/r1/${folder}/`)));
  return (await Promise.all(found)).flat();
}

const keys = async (store: Store, jobs: readonly string[], folder: string): Promise<string[]> =>
  (await objects(store, jobs, folder)).map(({ key }) => key);

/** When each was written, in milliseconds. */
const times = async (store: Store, jobs: readonly string[], folder: string): Promise<number[]> =>
  (await objects(store, jobs, folder)).map(({ lastModified }) => lastModified.getTime());

function spansOf(lines: readonly PodLine[]): Span[] {
  return lines
    .filter((line) => line.function === 'render' && line.message === 'finished')
    .map(({ pod, time, key, milliseconds }) => {
      const endedMs = Date.parse(time);
      return { pod, key: String(key), beganMs: endedMs - Number(milliseconds), endedMs };
    });
}

function mostAtOnce(spans: readonly Span[]): number {
  return Math.max(
    ...spans.map(({ beganMs }) => spans.filter((s) => s.beganMs <= beganMs && beganMs < s.endedMs).length),
  );
}

function overlaps(spans: readonly Span[]): number {
  const sorted = [...spans].sort((a, b) => a.beganMs - b.beganMs);
  return sorted.filter((span, i) => i > 0 && span.beganMs < (sorted[i - 1]?.endedMs ?? 0)).length;
}
