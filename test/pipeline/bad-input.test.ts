import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReportSchema } from '../../shared/report.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { type Ended, montage } from './command.ts';
import { makeHoliday, makeTune } from './material.ts';

let folder: string;
let holiday: string;
let tune: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-bad-'));
  holiday = await makeHoliday(folder);
  tune = (await makeTune(folder)).path;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) =>
  montage(['run', ...args, '--data', join(folder, 'data'), '--quality', 'preview'], { cwd: folder });
const oneSentence = ({ stderr }: Ended) => {
  const said = stderr
    .trim()
    .split('\n')
    .filter((line) => !/^(Looking|Waiting|Planning|Rendering|Putting)/.test(line));
  expect(said).toEqual([expect.any(String)]);
  expect(said[0]).not.toMatch(/Error:|Too big|Too small|expected number|ERR_|\bat .*\.ts|undefined|\[object/);
  return said[0] ?? '';
};

describe('what can not work is said in one sentence that names it', () => {
  it.each([
    ['a missing clip', () => ['--footage', 'gone.mp4', '--music', tune], 2, 'gone.mp4'],
    ['a missing song', () => ['--footage', holiday, '--music', 'gone.mp3'], 2, 'gone.mp3'],
    ['an unknown style', () => ['hitchcok', '--footage', holiday, '--music', tune], 2, 'did you mean "hitchcock"'],
    ['an unknown field', () => ['--footage', holiday, '--music', tune, '--set', 'pacing.sped=fast'], 2, 'pacing.sped'],
    ['a bad value', () => ['--footage', holiday, '--music', tune, '--set', 'pacing.speed=furious'], 2, 'very_fast'],
    ['an unknown option', () => ['--footage', holiday, '--music', tune, '--sed', '1'], 2, '--sed'],
    ['a misspelt option that must be there', () => ['--footge', holiday, '--music', tune], 2, 'Did you mean --footage'],
    ['no footage at all', () => ['--music', tune], 2, '--footage'],
    ['no song at all', () => ['--footage', holiday], 2, '--music'],
    ['a seed beyond all', () => ['--footage', holiday, '--music', tune, '--seed', '99999999999'], 2, '0 to 2147483647'],
    ['a length of nothing', () => ['--footage', holiday, '--music', tune, '--duration', '0.5'], 2, '1 to 3600 seconds'],
    ['a length of hours', () => ['--footage', holiday, '--music', tune, '--duration', '3601'], 2, '1 to 3600 seconds'],
    ['no time of day', () => ['--footage', holiday, '--music', tune, '--duration', '1:75'], 2, 'like 1:30'],
    [
      'an output in a folder that is not there',
      () => ['--footage', holiday, '--music', tune, '-o', 'nowhere/x.mp4'],
      2,
      'nowhere/x.mp4',
    ],
    ['an output that is a folder', () => ['--footage', holiday, '--music', tune, '-o', holiday], 2, 'is a folder'],
    ['a length beyond the song', () => ['--footage', holiday, '--music', tune, '--duration', '90'], 1, '90'],
  ])('%s', async (_what, args, code, named) => {
    const ended = await run(...args());
    expect(oneSentence(ended)).toContain(named);
    expect(ended.code).toBe(code);
  });

  it('a port that there is not', async () => {
    const ended = await montage(['serve', '--port', '99999', '--data', join(folder, 'data')], { cwd: folder });
    expect(oneSentence(ended)).toContain('0 to 65535');
    expect(ended.code).toBe(2);
  });

  it('an empty folder', async () => {
    await mkdir(join(folder, 'empty'));
    const ended = await run('--footage', 'empty', '--music', tune);
    expect(oneSentence(ended)).toContain('The folder empty holds no clips');
    expect(ended.code).toBe(2);
  });

  it('a song of three seconds, and a silent one', async () => {
    const short = await makeSong(folder, { name: 'short', tempo: 160, bars: 2 });
    expect(oneSentence(await run('--footage', holiday, '--music', short.path))).toMatch(/^short\.wav.*4\.0 s/);
    const silence = Buffer.alloc(44 + 44_100 * 2 * 10);
    (await readFile(short.path)).copy(silence, 0, 0, 44);
    silence.writeUInt32LE(silence.length - 8, 4);
    silence.writeUInt32LE(silence.length - 44, 40);
    await writeFile(join(folder, 'silence.wav'), silence);
    expect(oneSentence(await run('--footage', holiday, '--music', 'silence.wav'))).toMatch(/^silence\.wav.*silent/);
  });

  it('a full disk', async ({ skip }) => {
    const small = join(folder, 'small');
    await mkdir(small);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', small]);
    if (mounted.status !== 0) return skip('a small disk can only be mounted by root on Linux');
    try {
      const args = ['run', '--footage', holiday, '--music', tune, '--quality', 'preview', '--data', small];
      const ended = await montage(args, { cwd: folder });
      expect(oneSentence(ended)).toMatch(/disk .*is full/);
      expect(ended.code).toBe(1);
    } finally {
      spawnSync('umount', ['-l', small]);
    }
  });

  it('nothing but bad clips, with each one’s reason', async () => {
    await mkdir(join(folder, 'hopeless'));
    await writeFile(join(folder, 'hopeless/text.mp4'), 'Dear diary, this is not a film.\n'.repeat(100));
    const ended = await run('--footage', 'hopeless', '--music', tune);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('text.mp4');
  });
});

describe('good clips beside bad ones', () => {
  it('become a montage, and the report says what was left out and why', async () => {
    const mixed = join(folder, 'mixed "clips"');
    await mkdir(mixed);
    await copyFile(join(holiday, 'beach.mp4'), join(mixed, '-dash "quoted" é\n.mp4'));
    await copyFile(join(holiday, 'mountain.mov'), join(mixed, "it's 100% fine.mov"));
    await writeFile(join(mixed, 'text.mp4'), 'Dear diary, this is not a film.\n'.repeat(100));
    await writeFile(join(mixed, 'zero.mp4'), '');
    await makeClip(mixed, { name: 'cut off.mp4', seconds: 3, index: 'end', keepBytes: 0.6 });
    await makeClip(mixed, { name: 'single.mp4', scenes: [{ frames: 1 }], audio: null });
    await copyFile(tune, join(mixed, 'only sound.mp4'));
    const ended = await run('--footage', mixed, '--music', tune, '-o', join(folder, 'mixed.mp4'));
    expect(ended).toMatchObject({ code: 0 });
    const report = ReportSchema.parse(JSON.parse(await readFile(join(folder, 'mixed.report.json'), 'utf8')));
    expect(new Set(report.cuts.map(({ source }) => source))).toEqual(
      new Set(['-dash "quoted" é\n.mp4', "it's 100% fine.mov"]),
    );
    const reasons = Object.fromEntries(report.rejected.map(({ file, reason }) => [file, reason]));
    expect(Object.keys(reasons).sort()).toEqual([
      'cut off.mp4',
      'only sound.mp4',
      'single.mp4',
      'text.mp4',
      'zero.mp4',
    ]);
    expect(reasons['only sound.mp4']).toContain('sound');
    for (const reason of Object.values(reasons)) expect(reason).toMatch(/^[A-Z][^\n]+$/);
    for (const file of Object.keys(reasons)) expect(ended.stderr).toContain(file);
  });
});
