import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { fromOtio, toOtio } from '../../../shared/exports/otio.ts';
import { STANDARD_RATES, secondsAt } from '../../../shared/frame-rate.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { builtInStyles } from '../../../shared/styles/built-in.ts';
import { MODEL_NAMES, MONTAGE_SCALES } from '../../../shared/super-resolution.ts';
import { type Timeline, TimelineSchema } from '../../../shared/timeline.ts';
import { footage, planInputs, song, variedClips, wholeSong } from '../../functions/plan/analyses.ts';

const python = process.env.MONTAGE_PYTHON ?? 'python3';
const hasReader = spawnSync(python, ['-c', 'import opentimelineio']).status === 0;

const rich = planTimeline(planInputs({ clips: variedClips(12, 20), music: wholeSong(), style: 'cinematic_epic' }));
const slowed = planTimeline(
  planInputs({
    clips: [footage([{ seconds: 15 }], { frameRate: '30000/1001' }), footage([{ seconds: 15 }], { frameRate: '25/2' })],
    music: song({ seconds: 31, tempo: 118 }),
  }),
);

/** Any timeline, however unlikely: the file format must not mind. */
const anyTimeline: fc.Arbitrary<Timeline> = fc
  .record({
    frameRate: fc.constantFrom(...STANDARD_RATES),
    title: fc.string({ unit: 'grapheme' }),
    style: fc.constantFrom(...builtInStyles()),
    file: fc.string({ minLength: 1, unit: 'grapheme' }),
    key: fc.string({ minLength: 1, unit: 'grapheme' }),
    seed: fc.nat(),
    notes: fc.array(fc.string(), { maxLength: 2 }),
    upscale: fc.option(
      fc.record({
        scale: fc.constantFrom(...MONTAGE_SCALES),
        model: fc.constantFrom(...MODEL_NAMES),
        onCpu: fc.boolean(),
      }),
    ),
    music: fc.record({ sourceFrame: fc.nat(1000), fadeOutFrames: fc.nat(50) }),
    cuts: fc.array(
      fc.record({
        frames: fc.integer({ min: 1, max: 2000 }),
        sourceFrame: fc.nat(100_000),
        speed: fc.double({ min: 0.8, max: 1, noNaN: true }),
        transition: fc.option(
          fc.record({
            kind: fc.constantFrom('crossfade', 'dip_to_black', 'flash', 'whip_pan'),
            inFrames: fc.nat(40),
            outFrames: fc.nat(40),
          }),
        ),
        beat: fc.option(
          fc.record({
            time: fc.double({ min: 0, max: 600, noNaN: true }).map((time) => time + 0),
            errorFrames: fc.constant(0.25),
          }),
        ),
        reason: fc.string({ minLength: 1 }),
        // JSON has no −0.
        score: fc.double({ min: -9, max: 9, noNaN: true }).map((score) => score + 0),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .map(({ frameRate, title, style, file, key, seed, notes, upscale, music, cuts }) => {
    let frame = 0;
    const placed = cuts.map(({ speed, ...cut }) => {
      const at = frame;
      frame += cut.frames;
      return {
        ...cut,
        frame: at,
        source: 0,
        sourceFrames: Math.max(1, Math.round(cut.frames * speed)),
        grade: { look: 'noir' as const, intensity: 0.5, vignette: 0.1, grain: 0, sharpen: 1 },
        alternatives: [{ file, sourceFrame: 7, score: 0.5 }],
      };
    });
    return TimelineSchema.parse({
      title,
      frameRate,
      width: 1920,
      height: 1080,
      frames: frame,
      quality: 'standard',
      upscale,
      seed,
      style,
      sources: [
        { file, key, etag: 'e', durationSeconds: 12.3, frameRate: '25/1', width: 1, height: 1, hasAudio: false },
      ],
      cuts: placed,
      music: { file: 'song.mp3', key: 'a/song.mp3', etag: 'f', durationSeconds: 60.5, ...music },
      markers: [{ frame: 3, label: 'drop' }],
      notes,
      rejected: [{ file: 'bad.mp4', reason: 'it is empty' }],
    });
  });

interface OtioItem {
  OTIO_SCHEMA: string;
  name: string;
  transition_type?: string;
  source_range?: { start_time: { value: number; rate: number }; duration: { value: number } };
  effects?: { OTIO_SCHEMA: string; time_scalar: number }[];
  media_references?: {
    DEFAULT_MEDIA: { target_url: string; available_range: { duration: { value: number; rate: number } } };
  };
}

/** The items of the video track, of the audio track, and all the text. */
function written(timeline: Timeline) {
  const text = toOtio(timeline, {});
  const [video, audio] = JSON.parse(text).tracks.children as { kind: string; name: string; children: OtioItem[] }[];
  if (!video || !audio) throw new Error('a track is missing');
  return { text, video, audio };
}

describe('toOtio', () => {
  it('puts the cuts in a video track, in order, by the names of their files', () => {
    const { video } = written(rich);
    expect(video.kind).toBe('Video');
    const clips = video.children.filter((item) => item.OTIO_SCHEMA === 'Clip.2');
    expect(clips.map(({ name }) => name)).toEqual(rich.cuts.map(({ source }) => rich.sources[source]?.file));
    expect(clips.map(({ source_range: range }) => range?.start_time.value)).toEqual(
      rich.cuts.map((cut) => cut.sourceFrame),
    );
  });

  it('writes crossfades as SMPTE dissolves and other transitions as custom ones, between clips', () => {
    const { video } = written(rich);
    const kinds = new Set(rich.cuts.map(({ transition }) => transition?.kind));
    expect(kinds).toContain('crossfade');
    expect(kinds).toContain('dip_to_black');
    for (const [i, item] of video.children.entries()) {
      if (item.OTIO_SCHEMA !== 'Transition.1') continue;
      expect(item.transition_type).toBe(item.name === 'crossfade' ? 'SMPTE_Dissolve' : 'Custom_Transition');
      expect(video.children[i - 1]?.OTIO_SCHEMA).toBe('Clip.2');
      expect(video.children[i + 1]?.OTIO_SCHEMA).toBe('Clip.2');
    }
  });

  it('writes slow motion as a time warp', () => {
    const { video } = written(slowed);
    for (const [i, { effects }] of video.children.entries()) {
      const cut = slowed.cuts[i];
      expect(effects?.[0]).toMatchObject({
        OTIO_SCHEMA: 'LinearTimeWarp.1',
        time_scalar: (cut?.sourceFrames ?? 0) / (cut?.frames ?? 1),
      });
    }
  });

  it('plays the music as it is used in an audio track of that name', () => {
    const { audio } = written(rich);
    expect(audio).toMatchObject({ kind: 'Audio', name: 'music' });
    expect(audio.children).toHaveLength(1);
    expect(audio.children[0]).toMatchObject({
      name: 'song.mp3',
      source_range: { start_time: { value: 0 }, duration: { value: rich.frames } },
    });
  });

  it('points to the media by its key, URL-encoded, or as it is told to', () => {
    const timeline: Timeline = {
      ...rich,
      sources: rich.sources.map((source) => ({ ...source, key: `my set/ä#${source.file}` })),
    };
    const urls = (text: string) => text.match(/"target_url": ".*"/g) ?? [];
    expect(urls(toOtio(timeline))[0]).toMatch(/^"target_url": "my%20set\/%C3%A4%23clip\d\d\.mp4"$/);
    expect(urls(toOtio(timeline, { urlOf: ({ file }) => `file:///media/${file}` }))[0]).toContain('file:///media/clip');
  });

  it('says how much of each file there is, in its own rate, and always as much as is used', () => {
    for (const timeline of [rich, slowed]) {
      for (const item of written(timeline).video.children) {
        const available = item.media_references?.DEFAULT_MEDIA.available_range.duration;
        const range = item.source_range;
        if (!available || !range) continue;
        const source = timeline.sources.find(({ file }) => file === item.name);
        expect(available.rate).toBeCloseTo(1 / secondsAt(1, source?.frameRate ?? '1/1'), 9);
        const end = (range.start_time.value + range.duration.value) / range.start_time.rate;
        expect(available.value / available.rate).toBeGreaterThanOrEqual(end - 1e-6);
      }
    }
  });

  it('writes the same bytes each time', () => {
    expect(toOtio(rich)).toBe(toOtio(structuredClone(rich)));
  });
});

describe('fromOtio', () => {
  it('gives back exactly the timeline that was written', () => {
    for (const timeline of [rich, slowed]) expect(fromOtio(toOtio(timeline))).toEqual(timeline);
    fc.assert(
      fc.property(anyTimeline, (timeline) => {
        expect(fromOtio(toOtio(timeline))).toEqual(timeline);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses what it has not written, in a sentence', () => {
    expect(() => fromOtio('no json')).toThrow(Refusal);
    expect(() => fromOtio('{"OTIO_SCHEMA":"Timeline.1"}')).toThrow(/is not one that Montage wrote: name/);
    const shorter = JSON.parse(toOtio(rich));
    shorter.tracks.children[0].children.pop();
    expect(() => fromOtio(JSON.stringify(shorter))).toThrow(/cuts must follow one another/);
  });
});

// Needs Python with opentimelineio (`pip install opentimelineio`; MONTAGE_PYTHON names another interpreter than python3).
describe.skipIf(!hasReader)("OpenTimelineIO's own reader", () => {
  it.each([
    ['with transitions', rich],
    ['in slow motion', slowed],
  ])('sees the same names, ranges and lengths, and writes a file that means the same: %s', async (_, timeline) => {
    const folder = await mkdtemp(join(tmpdir(), 'montage-otio-'));
    try {
      const [ours, theirs] = [join(folder, 'ours.otio'), join(folder, 'theirs.otio')];
      await writeFile(ours, toOtio(timeline));
      const script = new URL('read_otio.py', import.meta.url).pathname;
      const seen = JSON.parse((await promisify(execFile)(python, [script, ours, theirs])).stdout);
      const rate = 1 / secondsAt(1, timeline.frameRate);
      expect(seen).toMatchObject({
        name: timeline.title,
        frames: timeline.frames,
        music: ['music', timeline.frames, ['song.mp3']],
        markers: timeline.markers.map(({ frame, label }) => [label, frame]),
      });
      expect(seen.rate).toBeCloseTo(rate, 6);
      for (const [i, cut] of timeline.cuts.entries()) {
        const clip = seen.clips[i];
        expect(clip.name).toBe(timeline.sources[cut.source]?.file);
        expect(clip.source.slice(0, 2)).toEqual([cut.sourceFrame, cut.frames]);
        expect(clip.parent.slice(0, 2)).toEqual([cut.frame, cut.frames]);
        expect(clip.speed).toEqual(
          cut.frames === cut.sourceFrames ? [] : [expect.closeTo(cut.sourceFrames / cut.frames, 9)],
        );
        const [from, length, ownRate] = clip.available;
        expect(from).toBe(0);
        expect(length / ownRate).toBeGreaterThanOrEqual((cut.sourceFrame + cut.frames) / rate - 1e-6);
      }
      expect(seen.transitions).toHaveLength(timeline.cuts.filter(({ transition }) => transition).length);
      expect(fromOtio(await readFile(theirs, 'utf8'))).toEqual(timeline);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
