import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MusicAnalysisSchema } from '../../shared/analysis.ts';
import { fromOtio } from '../../shared/exports/otio.ts';
import { ffmpeg, ffprobe, input } from '../../shared/media/ffmpeg.ts';
import { type Report, ReportSchema } from '../../shared/report.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { type Ended, montage } from './command.ts';
import { makeHoliday, makeTune } from './material.ts';

let folder: string;
let holiday: string;
let tune: Awaited<ReturnType<typeof makeTune>>;
const run = (style: string, out: string, ...more: string[]) =>
  montage(
    [
      'run',
      style,
      '--footage',
      holiday,
      '--music',
      tune.path,
      '-o',
      join(folder, out),
      '--quality',
      'preview',
      '--data',
      join(folder, 'data'),
      ...more,
    ],
    { cwd: folder },
  );
const reportOf = async (name: string): Promise<Report> =>
  ReportSchema.parse(JSON.parse(await readFile(join(folder, `${name}.report.json`), 'utf8')));
const timelineOf = async (name: string): Promise<Timeline> =>
  fromOtio(await readFile(join(folder, `${name}.otio`), 'utf8'));
const filesIn = async (bucketFolder: string) =>
  (await readdir(join(folder, 'data', bucketFolder)).catch(() => [])).sort();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage run '));
  holiday = await makeHoliday(folder);
  tune = await makeTune(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('one command', () => {
  let ended: Ended;
  beforeAll(async () => {
    ended = await run('dynamic', 'first.mp4');
  });

  it('leaves the video, its timeline and a report, and says so', () => {
    expect(ended.stderr).not.toMatch(/ at .*\.ts:\d+/);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('first.mp4') });
    expect(ended.stderr).toContain('Looking at clips');
    expect(ended.stderr).toMatch(/Rendering: \d+ of \d+ segments/);
  });

  it('gives a video of exactly the song’s length, that players can start at once', async () => {
    const report = await reportOf('first');
    const probed = JSON.parse(
      await ffprobe(
        [
          '-v',
          'error',
          '-count_frames',
          '-show_entries',
          'stream=codec_type,codec_name,nb_read_frames,width,height,pix_fmt,r_frame_rate',
          '-of',
          'json',
          join(folder, 'first.mp4'),
        ],
        { timeLimitSeconds: 60 },
      ),
    );
    const [picture, sound] = ['video', 'audio'].map((type) =>
      probed.streams.find((stream: { codec_type: string }) => stream.codec_type === type),
    );
    expect(picture).toMatchObject({
      codec_name: 'h264',
      pix_fmt: 'yuv420p',
      width: 640,
      height: 360,
      r_frame_rate: '25/1',
      nb_read_frames: String(report.output.frames),
    });
    expect(sound).toMatchObject({ codec_name: 'aac' });
    const seconds = MusicAnalysisSchema.parse({ kind: 'music', ...(await musicFound()) }).durationSeconds;
    expect(Math.abs(report.output.frames - seconds * 25)).toBeLessThanOrEqual(0.5);
    const head = await readFile(join(folder, 'first.mp4'));
    expect(head.indexOf('moov')).toBeLessThan(head.indexOf('mdat'));
  });

  it('cuts on the frame nearest to a beat of the song', async () => {
    const { cuts } = await reportOf('first');
    expect(cuts.length).toBeGreaterThan(2);
    for (const { frame, beat } of cuts.slice(1)) {
      const nearest = Math.min(...tune.truth.beats.map((time) => Math.abs(time * 25 - frame)));
      expect(beat?.errorFrames).toBeLessThanOrEqual(0.5);
      // The song's own beats, known from making it; 20 ms is the analysis' leave.
      expect(nearest).toBeLessThan(0.5 + 0.02 * 25);
    }
  });

  it('uses every clip before any twice and shows no moment twice', async () => {
    const { cuts } = await reportOf('first');
    const sources = cuts.map(({ source }) => source);
    expect(new Set(sources)).toEqual(new Set(['beach.mp4', 'harbour at night.mp4', 'mountain.mov']));
    expect(new Set(sources.slice(0, 3)).size).toBe(3);
    for (const [i, a] of cuts.entries()) {
      for (const b of cuts.slice(i + 1)) {
        if (a.source === b.source)
          expect(Math.min(a.sourceEnd, b.sourceEnd)).toBeLessThanOrEqual(Math.max(a.sourceStart, b.sourceStart) + 1e-9);
      }
    }
  });

  it('sounds as loud as broadcasters ask for', async () => {
    const { log } = await ffmpeg(
      [...input(join(folder, 'first.mp4')), '-af', 'ebur128=peak=true', '-vn', '-f', 'null', '-'],
      { timeLimitSeconds: 60 },
    );
    const [loudness] =
      /I:\s+(-?[\d.]+) LUFS/
        .exec(log.slice(log.lastIndexOf('Summary')))
        ?.slice(1)
        .map(Number) ?? [];
    const [peak] =
      /Peak:\s+(-?[\d.]+) dBFS/
        .exec(log.slice(log.lastIndexOf('Summary')))
        ?.slice(1)
        .map(Number) ?? [];
    expect(Math.abs((loudness ?? 0) + 14)).toBeLessThanOrEqual(0.5);
    expect(peak).toBeLessThanOrEqual(-1);
    const { output } = await reportOf('first');
    expect(output.loudness.integratedLufs).toBeCloseTo(loudness ?? 0, 0);
  });

  it('names the files on this machine in the timeline, and says the same as the report', async () => {
    const [timeline, report] = [await timelineOf('first'), await reportOf('first')];
    expect(timeline.cuts.map(({ frame }) => frame)).toEqual(report.cuts.map(({ frame }) => frame));
    const otio = JSON.parse(await readFile(join(folder, 'first.otio'), 'utf8'));
    const urls: string[] = JSON.stringify(otio).match(/file:\/\/[^"]+/g) ?? [];
    expect(urls.length).toBeGreaterThan(0);
    const known = ['beach.mp4', 'harbour at night.mp4', 'mountain.mov'].map((name) => join(holiday, name));
    for (const url of urls) expect([...known, tune.path]).toContain(fileURLToPath(url));
  });

  it('starts at the plan when another style is asked for, and gives another edit', async () => {
    const analyses = await filesIn('cache/analysis');
    expect(analyses).toHaveLength(4);
    expect(await run('mtv', 'second.mp4')).toMatchObject({ code: 0 });
    expect(await filesIn('cache/analysis')).toEqual(analyses);
    const [first, second] = [await reportOf('first'), await reportOf('second')];
    expect(await filesIn(`jobs/${second.job}/r1/requests`)).toEqual(['assemble', 'plan', 'render']);
    expect(second.cuts.map(({ frame }) => frame)).not.toEqual(first.cuts.map(({ frame }) => frame));
    expect(second.cuts.length).toBeGreaterThan(first.cuts.length);
  });

  it('gives the same bytes for the same inputs and seed, and another edit for another seed', async () => {
    expect(await run('dynamic', 'again.mp4')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'again.mp4'))).toEqual(await readFile(join(folder, 'first.mp4')));
    expect(await readFile(join(folder, 'again.otio'))).toEqual(await readFile(join(folder, 'first.otio')));
    expect(await run('dynamic', 'seeded.mp4', '--seed', '7')).toMatchObject({ code: 0 });
    const cutsOf = ({ cuts }: Timeline) => cuts.map(({ frame, source, sourceFrame }) => [frame, source, sourceFrame]);
    expect(cutsOf(await timelineOf('seeded'))).not.toEqual(cutsOf(await timelineOf('first')));
  });

  it('gives the same bytes wherever the clips and the data lie, and only a title that somebody gave', async () => {
    const elsewhere = join(folder, 'another place');
    await cp(holiday, join(elsewhere, 'renamed'), { recursive: true });
    const args = ['run', '--footage', 'renamed', '--music', tune.path, '--quality', 'preview', '--data', 'other'];
    expect(await montage([...args, '-o', 'moved.mp4'], { cwd: elsewhere })).toMatchObject({ code: 0 });
    expect(await readFile(join(elsewhere, 'moved.mp4'))).toEqual(await readFile(join(folder, 'first.mp4')));
    const moved = ReportSchema.parse(JSON.parse(await readFile(join(elsewhere, 'moved.report.json'), 'utf8')));
    expect(moved.output).toEqual((await reportOf('first')).output);
    const titleOf = async (path: string) =>
      JSON.parse(await ffprobe([...input(path), '-show_format', '-of', 'json'], { timeLimitSeconds: 60 })).format.tags
        ?.title;
    expect(await titleOf(join(folder, 'first.mp4'))).toBeUndefined();
    expect(await run('dynamic', 'titled.mp4', '--title', 'Summer ’24')).toMatchObject({ code: 0 });
    expect(await titleOf(join(folder, 'titled.mp4'))).toBe('Summer ’24');
  });

  it('is as long and as shaped as asked, to the frame', async () => {
    expect(await run('dynamic', 'short.mp4', '--duration', '6.2', '--format', 'square')).toMatchObject({ code: 0 });
    const { output } = await reportOf('short');
    expect(output).toMatchObject({ frames: 155, width: 360, height: 360 });
  });

  it('is read by OpenTimelineIO itself', ({ skip }) => {
    const python = process.env.MONTAGE_PYTHON ?? 'python3';
    const script =
      'import json,sys\nimport opentimelineio as o\nt=o.adapters.read_from_file(sys.argv[1])\nv=t.video_tracks()[0]\nprint(json.dumps({"names":[c.name for c in v.find_clips()],"seconds":v.duration().to_seconds(),"music":[a.name for a in t.audio_tracks()]}))';
    try {
      execFileSync(python, ['-c', 'import opentimelineio'], { stdio: 'ignore' });
    } catch {
      return skip('the Python package opentimelineio is not installed');
    }
    const printed = execFileSync(python, ['-c', script, join(folder, 'first.otio')], { encoding: 'utf8' });
    const read = JSON.parse(printed);
    expect(read.music).toContain('music');
    expect(new Set(read.names)).toEqual(new Set(['beach.mp4', 'harbour at night.mp4', 'mountain.mov']));
  });

  async function musicFound(): Promise<object> {
    const name = (await filesIn('cache/analysis')).find((each) => each.includes('-music-'));
    return JSON.parse(await readFile(join(folder, 'data/cache/analysis', name ?? ''), 'utf8'));
  }
});

describe('analyze', () => {
  it('prints one analysis a line, clips and songs alike', async () => {
    const clip = join(holiday, 'beach.mp4');
    const { code, stdout } = await montage(['analyze', clip, tune.path, '--json', '--data', join(folder, 'data')], {
      cwd: folder,
    });
    const [footage, music] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(footage).toMatchObject({
      kind: 'footage',
      file: clip,
      frameRate: '25/1',
      width: 320,
      height: 180,
      shots: [
        { startFrame: 0, endFrame: 75 },
        { startFrame: 75, endFrame: 150 },
      ],
    });
    expect(music).toMatchObject({ kind: 'music', file: tune.path });
    expect(Math.abs(music.tempo - 120)).toBeLessThan(2);
    expect(
      await readdir(join(folder, 'data/input')).then((sets) => sets.filter((set) => set.startsWith('analyze-'))),
    ).toEqual([]);
  });
});
