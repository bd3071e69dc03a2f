import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleMontage, correctedAim } from '../../../functions/assemble/montage.ts';
import type { FrameRate } from '../../../shared/frame-rate.ts';
import { ffmpeg, ffprobe, input } from '../../../shared/media/ffmpeg.ts';
import { plannedSegments } from '../../../shared/planned-segments.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { frames, HEIGHT, makeSegment, numbers, samples, stereo, timelineOf, WIDTH, writeSong } from './material.ts';

let folder: string;
let song: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-assemble-'));
  song = await writeSong(
    folder,
    'song.wav',
    stereo(10, (t, channel) => 0.3 * Math.sin(2 * Math.PI * (440 + 110 * channel) * t) * Math.exp(-(t % 0.5) * 5)),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function assemble(timeline: Timeline, segments: string[], music = song) {
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const out = join(scratch, 'montage.mp4');
  const openClip = async () => {
    throw new Error('no clip is to be opened');
  };
  return {
    out,
    made: await assembleMontage({ timeline, pieces: piecesOf(timeline, segments), music, openClip, scratch, out }),
  };
}

/** Files as long as the timeline has its segments. */
const piecesOf = (timeline: Timeline, paths: string[]) =>
  plannedSegments(timeline).map(({ spec: { frames } }, i) => ({ path: paths[i] ?? '', frames }));

const made = new Map<string, Promise<string>>();

/** Segments of the given lengths whose frames are numbered through; each is made once. */
function segmentsOf(lengths: number[], rate: FrameRate): Promise<string[]> {
  let first = 0;
  return Promise.all(
    lengths.map((length) => {
      const name = `${rate.replace('/', '-')}-${first}-${length}`;
      const segment = made.get(name) ?? makeSegment(folder, { name, first, frames: length, rate });
      made.set(name, segment);
      first += length;
      return segment;
    }),
  );
}

/** Loudness and true peak of a file by ffmpeg's own meter. */
async function meteredByFfmpeg(path: string) {
  const { log } = await ffmpeg([...input(path), '-map', '0:a', '-af', 'ebur128=peak=true', '-f', 'null', '-'], {
    timeLimitSeconds: 60,
  });
  const summary = log.slice(log.lastIndexOf('Summary:'));
  return {
    integratedLufs: Number(/I:\s*(\S+) LUFS/.exec(summary)?.[1]),
    truePeakDb: Number(/Peak:\s*(\S+) dBFS/.exec(summary)?.[1]),
  };
}

describe('a finished montage', () => {
  it.each(['24000/1001', '25/1', '30000/1001', '60000/1001'] as const)(
    'has each picture of each segment in its place at %s, also of segments of one and two frames',
    async (rate) => {
      const lengths = [17, 24, 1, 2, 3, 40, 5];
      const total = 92;
      const segments = await segmentsOf(lengths, rate);
      const { out, made } = await assemble(timelineOf({ rate, cuts: lengths.map((n) => ({ frames: n })) }), segments);
      expect(await numbers(out)).toEqual(Array.from({ length: total }, (_, n) => n));
      const [numerator, denominator] = rate.split('/').map(Number) as [number, number];
      const printed = await ffprobe(
        [
          '-v',
          'error',
          '-select_streams',
          'v',
          '-show_entries',
          'packet=pts,dts:stream=time_base,avg_frame_rate,r_frame_rate',
          '-of',
          'json',
          out,
        ],
        { timeLimitSeconds: 20 },
      );
      const { packets, streams } = JSON.parse(printed);
      const tick = (Number(streams[0].time_base.split('/')[1]) * denominator) / numerator;
      const times: number[] = packets.map((packet: { pts: number }) => packet.pts);
      const decode: number[] = packets.map((packet: { dts: number }) => packet.dts);
      expect(times.toSorted((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, n) => n * tick));
      expect(new Set(decode.slice(1).map((dts, i) => dts - (decode[i] as number)))).toEqual(new Set([tick]));
      expect(streams[0]).toMatchObject({ avg_frame_rate: rate, r_frame_rate: rate });
      expect(made.frames).toBe(total);
      expect(made.durationSeconds).toBeCloseTo((total * denominator) / numerator, 4);
    },
  );

  it('has its pictures bit for bit as the segments have them', async () => {
    const segments = await segmentsOf([20, 15], '25/1');
    const { out } = await assemble(timelineOf({ cuts: [{ frames: 20 }, { frames: 15 }] }), segments);
    const separate = (await Promise.all(segments.map(frames))).flat();
    expect(Buffer.compare(Buffer.concat(await frames(out)), Buffer.concat(separate))).toBe(0);
  });

  it('flashes when it clicks: sound and picture are in step to the millisecond from start to end', async () => {
    const rate = '24000/1001';
    const flashes = [12, 60, 131, 190];
    const seconds = (frame: number) => (frame * 1001) / 24_000;
    const click = (t: number) => flashes.some((frame) => t >= seconds(frame) && t < seconds(frame) + 0.002);
    const clicks = await writeSong(
      folder,
      'clicks.wav',
      stereo(9, (t) => (click(t) ? 0.8 : 0.001 * Math.sin(2 * Math.PI * 300 * t))),
    );
    const segments: string[] = [];
    for (const first of [0, 50, 100, 150]) {
      segments.push(await makeSegment(folder, { name: `flash-${first}`, first, frames: 50, rate, flash: flashes }));
    }
    const cuts = Array.from({ length: 4 }, () => ({ frames: 50 }));
    // As soft as it may be, so that the clicks stand far above what is between them.
    const { out } = await assemble(timelineOf({ rate, cuts, sound: { targetLufs: -30 } }), segments, clicks);
    const seen = (await frames(out)).flatMap((luma, n) =>
      (luma[(HEIGHT - 10) * WIDTH + WIDTH / 2] as number) > 150 ? [n] : [],
    );
    expect(seen).toEqual(flashes);
    const sound = await samples(out);
    for (const frame of flashes) {
      const around = Math.round((seconds(frame) - 0.02) * 48_000);
      let onset = 0;
      while (Math.abs(sound[2 * (around + onset)] as number) < 0.2 && onset < 2400) onset++;
      expect(Math.abs((around + onset) / 48_000 - seconds(frame))).toBeLessThan(0.001);
    }
  });

  it('is as loud as the style says and below its peak, by ffmpeg’s own meter', async () => {
    const segments = await segmentsOf([100, 100], '25/1');
    const cuts = [{ frames: 100 }, { frames: 100 }];
    for (const [targetLufs, truePeakDb] of [
      [-14, -1],
      [-23, -3],
      [-10, -1.5],
    ] as const) {
      const { out, made } = await assemble(timelineOf({ cuts, sound: { targetLufs, truePeakDb } }), segments);
      const metered = await meteredByFfmpeg(out);
      expect(Math.abs(metered.integratedLufs - targetLufs)).toBeLessThanOrEqual(0.3);
      expect(metered.truePeakDb).toBeLessThanOrEqual(truePeakDb);
      expect(made.loudness.integratedLufs).toBeCloseTo(metered.integratedLufs, 0);
    }
  });

  it('limits peaky drums until they are as loud as wanted', async () => {
    const drum = (t: number) => Math.sin(2 * Math.PI * 60 * t * (1 + Math.exp(-t * 40))) * Math.exp(-t * 25);
    const drums = await writeSong(
      folder,
      'drums.wav',
      stereo(9, (t) => 0.9 * drum(t % 0.5) + 0.02 * Math.sin(2 * Math.PI * 220 * t)),
    );
    const segments = await segmentsOf([100, 100], '25/1');
    const { out } = await assemble(timelineOf({ cuts: [{ frames: 100 }, { frames: 100 }] }), segments, drums);
    const metered = await meteredByFfmpeg(out);
    expect(Math.abs(metered.integratedLufs + 14)).toBeLessThanOrEqual(0.3);
    expect(metered.truePeakDb).toBeLessThanOrEqual(-1);
  });

  it('is silent, and says so in finite numbers, over silent music', async () => {
    const silence = await writeSong(folder, 'silence.wav', new Float32Array(48_000 * 2 * 4));
    const { out, made } = await assemble(
      timelineOf({ cuts: [{ frames: 50 }] }),
      await segmentsOf([50], '25/1'),
      silence,
    );
    expect(made.loudness).toEqual({ integratedLufs: -70, truePeakDb: -70 });
    expect((await samples(out)).every((sample) => sample === 0)).toBe(true);
  });

  it('carries its title and nothing of the machine it was made on, and its index comes first', async () => {
    const title = 'Sommer ’24: "Strand" \u0000& Meer = schön';
    const { out } = await assemble(timelineOf({ title, cuts: [{ frames: 30 }] }), await segmentsOf([30], '25/1'));
    const printed = await ffprobe(['-v', 'error', '-show_entries', 'format_tags', '-of', 'json', out], {
      timeLimitSeconds: 20,
    });
    expect(JSON.parse(printed).format.tags.title).toBe('Sommer ’24: "Strand" & Meer = schön');
    const bytes = await readFile(out);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect(bytes.includes(folder)).toBe(false);
    expect(bytes.includes('Lavf')).toBe(false);
  });

  it('is the same bytes when it is made again', async () => {
    const segments = await segmentsOf([30, 20], '25/1');
    const timeline = timelineOf({ cuts: [{ frames: 30 }, { frames: 20 }] });
    const [first, second] = [await assemble(timeline, segments), await assemble(timeline, segments)];
    expect(Buffer.compare(await readFile(first.out), await readFile(second.out))).toBe(0);
  });

  it('is refused with what is off when a segment is not as long as planned', async () => {
    const segments = await segmentsOf([30, 20], '25/1');
    const timeline = timelineOf({ cuts: [{ frames: 30 }, { frames: 22 }] });
    await expect(assemble(timeline, segments)).rejects.toThrow(/it has 50 pictures, not 52/);
  });

  it('stops at once when nobody wants it any more', async () => {
    const scratch = await mkdtemp(join(folder, 'scratch-'));
    const stop = new AbortController();
    const timeline = timelineOf({ cuts: [{ frames: 30 }] });
    const making = assembleMontage({
      ...{
        timeline,
        pieces: piecesOf(timeline, await segmentsOf([30], '25/1')),
        music: song,
        openClip: async () => '',
        scratch,
      },
      ...{ out: join(scratch, 'montage.mp4'), signal: stop.signal },
    });
    stop.abort(new Error('cancelled'));
    await expect(making).rejects.toThrow('cancelled');
    expect(await readdir(scratch)).not.toContain('montage.mp4');
  });
});

describe('the correction of an encode', () => {
  const wanted = { targetLufs: -14, truePeakDb: -1 };
  const aim = { targetLufs: -14, ceilingDb: -1.6 };

  it('is none when the sound came out as wanted', () => {
    expect(correctedAim(aim, -14, { integratedLufs: -14.2, truePeakDb: -1.1 }, wanted)).toBeNull();
  });

  it('aims as much lower as the peak came out too high, and a little more', () => {
    const corrected = correctedAim(aim, -14, { integratedLufs: -14, truePeakDb: -0.5 }, wanted);
    expect(corrected?.ceilingDb).toBeCloseTo(-2.2, 5);
    expect(corrected?.targetLufs).toBe(-14);
  });

  it('makes good what the encoder took, but not what the master could not reach', () => {
    expect(correctedAim(aim, -14, { integratedLufs: -14.5, truePeakDb: -2 }, wanted)?.targetLufs).toBeCloseTo(-13.5, 5);
    expect(correctedAim(aim, -16, { integratedLufs: -16.1, truePeakDb: -1.2 }, wanted)).toBeNull();
  });
});
