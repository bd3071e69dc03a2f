import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { montage } from '../pipeline/command.ts';
import { makeHoliday, makeTune } from '../pipeline/material.ts';
import { type Deployed, until } from './deployed.ts';
import type { PodLine } from './pod-logs.ts';

/** All that a montage needs; jobs, health and dead-letter are woken by people and by failures. */
const WOKEN = ['analyze-footage', 'analyze-music', 'reconcile', 'plan', 'render', 'assemble'];

/** Puts files into a set of the store by MinIO's own client, then the order beside them. */
export async function drop(
  { store }: Pick<Deployed, 'store'>,
  set: string,
  clips: readonly string[],
  order: object,
): Promise<void> {
  for (const clip of clips) await store.client.fPutObject('input', `${set}/${basename(clip)}`, clip);
  await store.client.putObject(
    'input',
    `${set}/${set}.montage.yaml`,
    Object.keys(order).length ? stringify(order) : '',
  );
}

/** Waits until the only job of a set is done, and gives back its id. */
export async function finished({ client }: Pick<Deployed, 'client'>, set: string, seconds = 300): Promise<string> {
  const job = await until(
    `the montage of ${set}`,
    async () => {
      const jobs = await client.jobs().catch(() => []);
      const [one] = jobs.filter(({ footageSet }) => footageSet === set);
      if (one?.state === 'failed') throw new Error(`${one.failure?.stage}: ${one.failure?.reason}`);
      return one?.state === 'done' ? one : null;
    },
    seconds,
  );
  return job.id;
}

export async function montageOf({ store }: Pick<Deployed, 'store'>, job: string): Promise<Buffer> {
  return buffer(await store.client.getObject('output', `${job}/r1/montage.mp4`));
}

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/** Claims about clips that are dropped into the store of a cluster. `ffmpeg` is the images' own, as it runs on this machine. */
export function droppedClips(
  deployed: () => Deployed,
  scratch: () => string,
  ffmpeg: () => Record<string, string>,
): void {
  it('is made of clips that are dropped into MinIO beside an empty order, by their notifications alone, and is the one that a laptop makes', async () => {
    const system = deployed();
    const clips = await makeHoliday(scratch());
    const { path: song } = await makeTune(scratch());
    // A Service that has just been made runs once: nothing of that is left.
    await system.atRest();
    const paths = (await readdir(clips)).map((name) => join(clips, name));
    await system.store.client.fPutObject('music', basename(song), song);
    await drop(system, 'holiday', paths, {});
    const job = await finished(system, 'holiday');

    const out = join(scratch(), 'laptop.mp4');
    const args = ['run', 'dynamic', '--footage', clips, '--music', song, '-o', out, '--data', join(scratch(), 'data')];
    const ended = await montage(args, { cwd: scratch(), env: ffmpeg() });
    expect(ended).toMatchObject({ code: 0 });
    const [there, here] = [await montageOf(system, job), await readFile(out)];
    expect(there.length).toBeGreaterThan(10_000);
    expect(md5(there)).toBe(md5(here));
    report('cold', system.logs.lines);
  });

  it('wakes every function from nothing, and all go back to nothing after', async () => {
    const system = deployed();
    const woke = new Set(system.logs.lines.filter(({ message }) => message === 'woken').map((line) => line.function));
    for (const name of WOKEN) expect([...woke]).toContain(name);
    await system.atRest();
  });
}

/** How long it took from each new object to its function's first line. */
export function report(what: string, lines: readonly PodLine[]): void {
  const waits = new Map<string, number[]>();
  for (const { message, function: name = '', key, sinceObjectMs } of lines)
    if (message === 'woken' && key && typeof sinceObjectMs === 'number')
      waits.set(name, [...(waits.get(name) ?? []), sinceObjectMs]);
  for (const [name, all] of waits) {
    const sorted = all.sort((a, b) => a - b);
    const [least, middle, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    console.log(`${what}: object to ${name}'s first line, ${sorted.length} times: ${least} … ${middle} … ${most} ms`);
  }
}
