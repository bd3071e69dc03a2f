import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOrder } from '../../functions/reconcile/order.ts';
import { API } from '../../shared/api/operations.ts';
import { ConfigSchema } from '../../shared/config.ts';
import { probe } from '../../shared/media/probe.ts';
import { JobStatusSchema } from '../../shared/status.ts';
import { Receiver } from '../functions/notify/receiver.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { montage, start } from './command.ts';

const README = await readFile(resolve(import.meta.dirname, '../../README.md'), 'utf8');
const PREFIX = 'npm run montage -- ';
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
const commands = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith(PREFIX))
  .map((line) => line.slice(PREFIX.length));

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'montage-readme-'));
  await mkdir(join(home, 'Videos/holiday'), { recursive: true });
  await mkdir(join(home, 'Music'));
  await mkdir(join(home, 'clips'));
  for (const [i, name] of ['a.mp4', 'b.mp4', 'clip.mp4'].entries())
    await makeClip(home, { name, seed: i + 1, seconds: 18 });
  // What becomes larger is small: a CPU takes its time.
  await makeClip(home, { name: 'old-film.mp4', width: 64, height: 36, seconds: 1 });
  for (const name of ['a.mp4', 'b.mp4']) await copyFile(join(home, name), join(home, 'Videos/holiday', name));
  for (const [from, to] of [
    ['a.mp4', 'beach.mp4'],
    ['b.mp4', 'cake.mp4'],
    ['clip.mp4', 'blurred.mp4'],
  ] as const)
    await copyFile(join(home, from), join(home, 'clips', to));
  const song = await makeSong(home, { name: 'song', tempo: 120, bars: 16, format: 'mp3' });
  await copyFile(song.path, join(home, 'Music/song.mp3'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** The words of a command as a shell would part them, small enough for a test: always in preview quality. */
const wordsOf = (command: string) =>
  command
    .replaceAll('~/', `${home}/`)
    .replace(/--quality \w+/, '')
    .split(/\s+/)
    .concat(/^run /.test(command) ? ['--quality', 'preview'] : []);

describe('what the README shows works:', () => {
  const alone = commands.filter((command) => !/ID|^serve|^hooks|^rules|JOB/.test(command));
  it.each(alone)('montage %s', async (command) => {
    const ended = await montage(wordsOf(command), { cwd: home });
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    if (command.startsWith('run')) expect((await stat(join(home, 'montage.mp4'))).size).toBeGreaterThan(10_000);
    else if (command.startsWith('upscale'))
      expect((await probe(join(home, 'old-film-x2.mp4'), { file: 'old-film-x2.mp4' })).video).toMatchObject({
        ...{ width: 128, height: 72 },
      });
    else if (!command.startsWith('jobs')) expect(ended.stdout.trim().split('\n').length).toBeGreaterThan(1);
  });

  it('the commands about one job', async () => {
    const about = commands.filter((command) => command.includes('ID'));
    expect(about.map((command) => command.split(' ')[0])).toEqual(['status', 'cancel', 'retry']);
    const missing = await montage(
      ['run', '--footage', 'clips', '--music', 'song.mp3', '--duration', '50', '--quality', 'preview'],
      { cwd: home },
    );
    expect(missing.code).toBe(1);
    const { stdout } = await montage(['jobs', '--json'], { cwd: home });
    const failed = stdout
      .trim()
      .split('\n')
      .map((line) => JobStatusSchema.parse(JSON.parse(line)))
      .find(({ state }) => state === 'failed');
    const ask = (verb: string) => montage([verb, failed?.id ?? '', '--json'], { cwd: home });
    expect(JSON.parse((await ask('status')).stdout)).toMatchObject({ state: 'failed', failure: { stage: 'plan' } });
    // The cause is still there, so trying again fails again, with the same reason.
    expect(await ask('retry')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(failed?.failure?.reason ?? '?'),
    });
    expect(JSON.parse((await ask('cancel')).stdout)).toMatchObject({ state: 'cancelled' });
  });

  it('the commands about share links', async () => {
    const { stdout } = await montage(['jobs', '--json'], { cwd: home });
    const jobs = stdout.trim().split('\n');
    const done = jobs.map((line) => JobStatusSchema.parse(JSON.parse(line))).find(({ state }) => state === 'done');
    let share = 'SHARE';
    const said: string[] = [];
    for (const command of commands.filter((each) => each.includes('JOB'))) {
      const words = command
        .replace('JOB', done?.id ?? '')
        .replace('SHARE', share)
        .split(' ');
      const ended = await montage(words, { cwd: home });
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      [share] = /share-[0-9a-f]{12}/.exec(ended.stdout) ?? [share];
      said.push(ended.stdout + ended.stderr);
    }
    const line = `${share}  r1  until \\S+Z\n`;
    expect(said).toEqual([
      expect.stringMatching(new RegExp(`^${line}[^\n]+ /share/[\\w-]{43}\n$`)),
      expect.stringMatching(new RegExp(`^${line}$`)),
      `${share} leads nowhere any more\n`,
    ]);
  });

  it('the commands about rules', async () => {
    const [set = ''] = commands.filter((command) => command.startsWith('rules'));
    expect(await montage(set.split(' '), { cwd: home })).toMatchObject({
      code: 0,
      stdout: 'holiday  after 10 quiet minutes  mtv  song\n',
    });
    const listed = await montage(['rules', 'list', '--json'], { cwd: home });
    expect(JSON.parse(listed.stdout)).toMatchObject({ set: 'holiday', quietMinutes: 10, order: { style: 'mtv' } });
    expect(await montage(['rules', 'remove', 'holiday'], { cwd: home })).toMatchObject({ code: 0 });
    expect(await montage(['rules', 'remove', 'holiday'], { cwd: home })).toMatchObject({
      code: 1,
      stderr: 'The set holiday has no rule\n',
    });
  });

  it('the commands about hooks', async () => {
    await using receiver = await Receiver.start({ status: 204 });
    let hook = 'HOOK';
    const said: string[] = [];
    for (const command of commands.filter((each) => each.startsWith('hooks'))) {
      const words = command
        .replace(/https:\S+/, receiver.url)
        .replace('HOOK', hook)
        .split(' ');
      const ended = await montage([...words, '--data', join(home, 'hooked')], {
        cwd: home,
        env: { MONTAGE_HOOKS_PRIVATE: 'allow' },
      });
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      [hook] = /hook-[0-9a-f]{12}/.exec(ended.stdout) ?? [hook];
      said.push(ended.stdout + ended.stderr);
    }
    expect(said).toEqual([
      expect.stringMatching(/^hook-\S+ {2}completed failed {2}http:[^\n]+\n[^\n]+ whsec_\S+\n$/),
      expect.stringMatching(/^hook-\S+ {2}completed failed {2}http:[^\n]+\n$/),
      expect.stringMatching(/^hook\.tested {2}delivered\n {2}1 {2}\S+ {2}\d+ ms {2}It answered 204\n$/),
      expect.stringMatching(/^hook\.tested {2}delivered\n {2}1 /),
      `${hook} is not called any more\n`,
    ]);
    expect(receiver.received.length).toBe(1);
  });

  it('the system, asked by curl', async () => {
    const served = start(['serve', '--port', '0', '--data', join(home, 'served')], { cwd: home });
    try {
      const [, url = ''] = await served.until(/running at (http:\S+)/);
      const [curl = ''] = blocks('sh').filter((block) => block.startsWith('curl'));
      const { stdout } = await promisify(execFile)('sh', ['-c', curl.replace('http://127.0.0.1:8080', url)]);
      expect(JobStatusSchema.parse(JSON.parse(stdout))).toMatchObject({ state: 'waiting', style: 'mtv' });
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'healthy' });
      const ready = await fetch(`${url}/health/ready`);
      expect(await ready.json()).toMatchObject({
        status: 'ready',
        dependencies: [
          { name: 'store', ok: true },
          { name: 'ffmpeg', ok: true },
          { name: 'broker', ok: true },
        ],
      });
      const unknown = await fetch(`${url}/v1/nothing`);
      expect(unknown.status).toBe(404);
      expect(unknown.headers.get('content-type')).toContain('application/problem+json');
    } finally {
      served.child.kill('SIGINT');
      expect((await served.ended).code).toBe(130);
    }
  });

  it('the order, as it is written there', () => {
    const [order = ''] = blocks('yaml');
    const { request, fault } = readOrder('set/montage.yaml', 'e', order);
    expect(fault).toBeNull();
    expect(request).toMatchObject({ style: 'hitchcock', durationSeconds: 45, set: { 'pacing.speed': 'fast' } });
  });
});

describe('what there is stands in the README:', () => {
  it('every route of the API, in the same words', () => {
    for (const { method, path, means } of Object.values(API))
      expect(README).toContain(`| \`${method} ${path}\` | ${means} |`);
  });

  it('every command and every option of run', async () => {
    const { stdout } = await montage(['--help'], { cwd: home });
    const all = [...stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name);
    expect(all.length).toBeGreaterThan(8);
    for (const name of all) expect(README).toMatch(new RegExp(`\`${name}\\b|montage -- ${name}\\b`));
    const { stdout: help } = await montage(['run', '--help'], { cwd: home });
    for (const [, option = ''] of help.matchAll(/(--[a-z]+)/g)) expect(README).toContain(option);
  });

  it('every setting', () => {
    for (const name of Object.keys(ConfigSchema.shape)) {
      // Set by the runtime or by a manifest, never by a person.
      if (name === 'K_SINK' || name.startsWith('MONTAGE_CAPACITY_')) continue;
      expect(README).toContain(name.replace(/^MONTAGE_STORE_/, '_'));
    }
  });
});
