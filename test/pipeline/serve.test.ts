import { type ChildProcess, execFileSync } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../../shared/api/client.ts';
import { ReportSchema } from '../../shared/report.ts';
import { montage, type Started, start } from './command.ts';
import { makeHoliday, makeTune } from './material.ts';

const env = { MONTAGE_SETTLE_SECONDS: '2', MONTAGE_LOST_AFTER_SECONDS: '5' };
let folder: string;
let holiday: string;
let tune: string;
let data: string;
const running: Started[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-serve-'));
  holiday = await makeHoliday(folder);
  tune = (await makeTune(folder)).path;
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  data = await mkdtemp(join(folder, 'data-'));
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
});

async function serve(): Promise<Client> {
  const started = start(['serve', '--port', '0', '--data', data], { cwd: folder, env });
  running.push(started);
  const [, url = ''] = await started.until(/running at (http:\S+)/);
  return new Client({ url });
}
const drop = async (from: string, ...to: string[]) => {
  const target = join(data, ...to);
  await mkdir(join(target, '..'), { recursive: true });
  await copyFile(from, target);
};
async function eventually<T>(look: () => Promise<T | null | undefined | false>, seconds = 90): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Nothing after ${seconds} s: ${running.at(-1)?.output().slice(-3000)}`);
    await sleep(100);
  }
}
const finished = (client: Client, id: string) =>
  eventually(async () => ['done', 'failed', 'cancelled'].includes((await client.job(id)).state) && client.job(id));
const onlyJob = (client: Client) => eventually(async () => (await client.jobs())[0]);

/** Processes below one, as the system lists them. */
function below(parent: ChildProcess): { pid: number; command: string }[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((row) =>
      /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)?.slice(1, 4)
        ? [/^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)?.slice(1, 4) as [string, string, string]]
        : [],
    )
    .map(([pid, ppid, command]) => ({ pid: Number(pid), ppid: Number(ppid), command }));
  const found: { pid: number; command: string }[] = [];
  const parents = [parent.pid];
  for (let next = parents.pop(); next !== undefined; next = parents.pop()) {
    for (const row of rows.filter(({ ppid }) => ppid === next)) {
      found.push(row);
      parents.push(row.pid);
    }
  }
  return found;
}

describe('a folder that is served', () => {
  it('makes a montage of what is dropped into it', async () => {
    const client = await serve();
    await writeFile(join(data, 'note.txt'), 'nobody minds');
    await mkdir(join(data, 'input/holiday'), { recursive: true });
    await writeFile(join(data, 'input/holiday/first.montage.yaml'), 'quality: preview\nseed: 3\n');
    for (const name of await readdir(holiday)) await drop(join(holiday, name), 'input/holiday', name);
    await drop(tune, 'music', 'tune.wav');
    const { id } = await onlyJob(client);
    expect(await finished(client, id)).toMatchObject({
      state: 'done',
      outputs: expect.arrayContaining(['montage.mp4', 'montage.otio', 'report.json']),
    });
    const report = ReportSchema.parse(JSON.parse(await readFile(join(data, 'output', id, 'r1/report.json'), 'utf8')));
    expect(report).toMatchObject({ seed: 3, style: 'dynamic' });
    expect(report.notes.join()).toContain('tune.wav');
    const [, made = ''] = (await running.at(-1)?.until(new RegExp(`^Job ${id} is done: (.*)$`, 'm'))) ?? [];
    expect(made).toBe(join(data, 'output', id, 'r1/montage.mp4'));
    expect((await stat(made)).size).toBeGreaterThan(10_000);
  });

  it('does not take a file half-way that is still being copied', async () => {
    const client = await serve();
    const bytes = await readFile(join(holiday, 'beach.mp4'));
    const target = join(data, 'input/slow/beach.mp4');
    await mkdir(join(data, 'input/slow'), { recursive: true });
    await drop(tune, 'music', 'tune.wav');
    await writeFile(join(data, 'input/slow/montage.yaml'), 'quality: preview\n');
    await writeFile(target, '');
    for (let i = 0; i < 10; i += 1) {
      await appendFile(
        target,
        bytes.subarray(Math.floor((i / 10) * bytes.length), Math.floor(((i + 1) / 10) * bytes.length)),
      );
      await sleep(500);
    }
    const { id } = await onlyJob(client);
    expect(await finished(client, id)).toMatchObject({ state: 'done', clips: { total: 1, rejected: [] } });
    expect(
      await readdir(join(data, 'cache/analysis')).then((names) => names.filter((name) => name.includes('footage'))),
    ).toHaveLength(1);
  });

  it('keeps nothing of what was only analysed', async () => {
    const { server } = await serve();
    const clip = join(holiday, 'beach.mp4');
    const ended = await montage(['analyze', clip, tune, '--json', '--server', server], { cwd: folder });
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(ended.stdout.trim().split('\n')).toHaveLength(2);
    for (const bucket of ['input', 'music']) expect(await readdir(join(data, bucket))).toEqual([]);
  });

  it('says in the job what is wrong with an order, and on the terminal', async () => {
    const client = await serve();
    await mkdir(join(data, 'input/holiday'), { recursive: true });
    await writeFile(join(data, 'input/holiday/x.montage.yaml'), 'quality: superb\n');
    const { id } = await onlyJob(client);
    expect(await finished(client, id)).toMatchObject({
      state: 'failed',
      failure: { reason: expect.stringContaining('x.montage.yaml') },
    });
    const [, said] = (await running.at(-1)?.until(new RegExp(`^Job ${id} failed at reconcile: (.*)$`, 'm'))) ?? [];
    expect(said).toContain('x.montage.yaml');
  });
});

describe('nothing is lost', () => {
  const order = async (client: Client, quality: 'preview' | 'standard' = 'standard') => {
    for (const name of await readdir(holiday)) await drop(join(holiday, name), 'input/holiday', name);
    await drop(tune, 'music', 'tune.wav');
    return client.createJob(
      {
        footageSet: 'holiday',
        clips: ['holiday/beach.mp4', 'holiday/mountain.mov'],
        music: 'tune.wav',
        durationSeconds: 8,
        quality,
      },
      'kill',
    );
  };
  const segments = async () => (await readdir(join(data, 'cache/segments')).catch(() => [])).sort();

  it('when a function is killed mid-work', async () => {
    const client = await serve();
    const { id } = await order(client);
    const [runtime] = running;
    const victim = await eventually(async () =>
      below((runtime as Started).child).find(
        ({ command }) => command.includes('--target=render') || command.includes('functions/render'),
      ),
    );
    await eventually(async () => below((runtime as Started).child).some(({ command }) => command.includes('libx264')));
    process.kill(victim.pid, 'SIGKILL');
    expect(await finished(client, id)).toMatchObject({ state: 'done' });
  });

  it('when the whole runtime is killed: the next one goes on and does nothing twice', async () => {
    const first = await serve();
    const { id } = await order(first);
    await eventually(async () => (await segments()).length > 0);
    const [runtime] = running.splice(0);
    const children = below((runtime as Started).child).map(({ pid }) => pid);
    process.kill((runtime as Started).child.pid as number, 'SIGKILL');
    await eventually(async () => children.every((pid) => !alive(pid)), 10);
    const before = await Promise.all(
      (await segments()).map(async (name) => [name, (await stat(join(data, 'cache/segments', name))).mtimeMs] as const),
    );
    const second = await serve();
    expect(await finished(second, id)).toMatchObject({ state: 'done' });
    for (const [name, mtime] of before) expect((await stat(join(data, 'cache/segments', name))).mtimeMs).toBe(mtime);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'when the command whose runtime another one uses ends by %s',
    async (signal) => {
      const run = (name: string, seed: string) => {
        const words = ['run', '--footage', holiday, '--music', tune, '--data', data, '--quality', 'preview'];
        const started = start([...words, '--seed', seed, '-o', join(data, `${name}.mp4`)], { cwd: folder, env });
        running.push(started);
        return started;
      };
      const owner = run('owner', '1');
      await owner.until(/Looking at clips/);
      const borrower = run('borrower', '2');
      await borrower.until(/Rendering: /);
      owner.child.kill(signal);
      await owner.ended;
      const ended = await borrower.ended;
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      expect((await stat(join(data, 'borrower.mp4'))).size).toBeGreaterThan(10_000);
    },
  );

  it('and cancelling stops the work within two seconds, with no ffmpeg left', async () => {
    const client = await serve();
    const { id } = await order(client);
    const [runtime] = running;
    const encoders = () => below((runtime as Started).child).filter(({ command }) => command.includes('libx264'));
    await eventually(async () => encoders().length > 0);
    await client.cancel(id);
    await eventually(async () => encoders().length === 0, 2);
    await sleep(1500);
    expect(encoders()).toEqual([]);
    expect((await client.job(id)).state).toBe('cancelled');
  });
});

describe('Ctrl-C', () => {
  it('cancels a run, cleans up and exits with 130', async () => {
    const started = start(
      ['run', '--footage', holiday, '--music', tune, '-o', join(folder, 'never.mp4'), '--data', data],
      { cwd: folder },
    );
    await started.until(/Rendering: /);
    const children = below(started.child).map(({ pid }) => pid);
    started.child.kill('SIGINT');
    const ended = await started.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/\nCancelling\nCancelled\n$/);
    await eventually(async () => children.every((pid) => !alive(pid)), 5);
    expect((await readdir(folder)).filter((name) => name.includes('never'))).toEqual([]);
    const { stdout } = await montage(['jobs', '--json', '--data', data], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'cancelled' });
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
