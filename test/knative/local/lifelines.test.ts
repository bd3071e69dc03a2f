import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startInstance } from '../../../knative/local/instance.ts';
import { findRuntime } from '../../../knative/local/lock.ts';
import { FOOTAGE_ANALYSER_VERSION } from '../../../shared/analysis.ts';
import { cacheKeys, revisionKeys } from '../../../shared/keys.ts';
import { JobRequestSchema } from '../../../shared/request.ts';
import { isAlive, publish, Stand, until } from './stand.ts';

/** A runtime in a process of its own, over the stand's data. */
async function startProcess(stand: Stand): Promise<{ child: ChildProcess; url: string }> {
  const script = join(import.meta.dirname, 'runtime-process.ts');
  const child = spawn(process.execPath, [script, stand.data, stand.manifests], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: url.toString().trim() };
}

const workers = (stand: Stand) => stand.journal().filter(({ what }) => what === 'began');

describe('when the runtime is killed', () => {
  it.each([
    ['waits for something', {}],
    ['is too busy to notice anything', { busyMs: 60_000 }],
  ])('its functions and their child processes end too, also one that %s', async (_, orders) => {
    await using stand = new Stand([{ name: 'busy', target: 'worker', types: ['a'] }]);
    const { child, url } = await startProcess(stand);
    await publish(url, 'a', 'work', { ms: 60_000, child: true, ...orders });
    const [worker] = await until(() => (workers(stand).length > 0 ? workers(stand) : null), 'it works');
    const pids = [worker?.pid, worker?.childPid].map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    child.kill('SIGKILL');
    await until(() => !pids.some(isAlive), 'both are gone');
  });

  it('the next one takes over its data folder', async () => {
    await using stand = new Stand([{ name: 'only', target: 'worker' }]);
    const { child, url } = await startProcess(stand);
    expect(await findRuntime(stand.data)).toEqual({ url });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await findRuntime(stand.data)).toBeNull();
    const runtime = await stand.start();
    expect(await findRuntime(stand.data)).toEqual({ url: runtime.url });
  });

  it('the next one removes the scratch files it left, and nothing else', async () => {
    await using stand = new Stand([{ name: 'only', target: 'worker' }]);
    const left = join(stand.data, '.work', 'montage-render-x1y2z3', 'half.mp4');
    mkdirSync(dirname(left), { recursive: true });
    writeFileSync(left, 'half a segment');
    await stand.store.putOnce('cache', 'segments/whole.mp4', 'a whole one');
    await stand.start();
    expect(existsSync(dirname(left))).toBe(false);
    expect((await stand.store.read('cache', 'segments/whole.mp4')).toString()).toBe('a whole one');
  });

  it('the next one goes on with what open jobs had asked for and nobody had begun', async () => {
    await using stand = new Stand([
      { name: 'ingest', target: 'ingest', concurrency: 80 },
      { name: 'work', target: 'worker', types: ['ai.montage.plan.requested', 'ai.montage.footage.created'] },
    ]);
    await stand.store.prepare();
    const put = (key: string, body: object = {}) => stand.store.putOnce('jobs', key, JSON.stringify(body));
    await put('open/request.json', JobRequestSchema.parse({ footageSet: 'holiday' }));
    await put(revisionKeys('open', 1).request('plan', 'timeline', 1));
    await put('finished/request.json', JobRequestSchema.parse({ footageSet: 'wedding' }));
    await put(revisionKeys('finished', 1).request('plan', 'timeline', 1));
    await put(revisionKeys('finished', 1).done);
    await stand.store.putOnce('input', 'holiday/new.mp4', 'not looked at');
    await stand.store.putOnce('input', 'wedding/old.mp4', 'of a finished job');
    const known = await stand.store.putOnce('input', 'holiday/known.mp4', 'looked at');
    await stand.store.putOnce('cache', cacheKeys.footageAnalysis(known?.etag ?? '', FOOTAGE_ANALYSER_VERSION), '{}');
    const runtime = await stand.start();
    await until(() => runtime.idle() && workers(stand).length >= 2, 'all is done');
    expect(
      workers(stand)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['holiday/new.mp4', 'open/r1/requests/plan/timeline.1.json']);
  });
});

describe('the data folder', () => {
  it('is served by one runtime at a time; a second one is told where the first is', async () => {
    await using stand = new Stand([{ name: 'only', target: 'worker' }]);
    const first = await stand.start();
    await expect(stand.start()).rejects.toThrow(first.url);
    await first.stop();
    expect(await findRuntime(stand.data)).toBeNull();
    const second = await stand.start();
    expect(await findRuntime(stand.data)).toEqual({ url: second.url });
  });

  it('is won by exactly one of several that start at once over what a dead one left', async () => {
    await using stand = new Stand([{ name: 'only', target: 'worker' }]);
    const { child } = await startProcess(stand);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const starts = await Promise.allSettled(Array.from({ length: 6 }, () => stand.start()));
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is left to others by a runtime that does no work', async () => {
    await using stand = new Stand([{ name: 'only', target: 'worker' }]);
    await stand.start({ works: false });
    expect(await findRuntime(stand.data)).toBeNull();
    await stand.start();
  });
});

describe('a function', () => {
  it('listens on 127.0.0.1 and no other address of the machine', async () => {
    const instance = await startInstance({
      args: ['--target=web', '--source=test/knative/local/functions/web.ts'],
      root: join(import.meta.dirname, '../../..'),
      environment: { PATH: process.env.PATH ?? '' },
      onLine: () => {},
    });
    expect(await connects('127.0.0.1', instance.port)).toBe(true);
    // A server on all addresses answers under this one too.
    expect(await connects('127.0.0.2', instance.port)).toBe(false);
    await instance.end();
    expect(isAlive(instance.pid)).toBe(false);
  });
});

describe('the runtime', () => {
  it('listens on 127.0.0.1 and no other address of the machine', async () => {
    await using stand = new Stand([]);
    const port = Number(new URL((await stand.start()).url).port);
    expect(await connects('127.0.0.1', port)).toBe(true);
    expect(await connects('127.0.0.2', port)).toBe(false);
  });
});

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
