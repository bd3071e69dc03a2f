import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChunkSpec, chunksOf, MOST_MULTIPLY_ADDS, MOST_PIXELS, UPSCALER_VERSION } from '../../shared/chunks.ts';
import { joinedFiles, plannedSegments } from '../../shared/planned-segments.ts';
import { QUALITY_PROFILES } from '../../shared/quality.ts';
import { chunkHash, segmentHash } from '../../shared/segment-hash.ts';
import { segmentsOf } from '../../shared/segments.ts';
import {
  MODEL_NAMES,
  MONTAGE_SCALES,
  THOUSAND_MULTIPLY_ADDS,
  type Upscale,
  UpscaleSchema,
} from '../../shared/super-resolution.ts';
import type { Cut, Source, Timeline } from '../../shared/timeline.ts';
import { type CutGiven, timelineOf } from '../functions/assemble/material.ts';

const SOFT: Partial<Source> = { width: 1920, height: 1080 };
const SHARP: Partial<Source> = { width: 3840, height: 2160 };
const GRAIN = 0.5;
const DISSOLVE: Cut['transition'] = { kind: 'crossfade', inFrames: 4, outFrames: 6 };

/** A master in 4K of these cuts; source 0 is soft, source 1 sharp, source 2 sharp and upright. */
function master(cuts: CutGiven[], upscale: Partial<Upscale> | null = {}): Timeline {
  const timeline = timelineOf({ cuts, sources: [SOFT, SHARP, { width: 2160, height: 3840 }] });
  return {
    ...timeline,
    ...{ width: 3840, height: 2160, quality: 'master', upscale: upscale && UpscaleSchema.parse(upscale) },
    cuts: timeline.cuts.map((cut) => ({ ...cut, grade: { ...cut.grade, grain: GRAIN } })),
  };
}
const sizes = (timeline: Timeline) => segmentsOf(timeline).map(({ width }) => width);
const chunksIn = (timeline: Timeline) => plannedSegments(timeline).map(({ chunks }) => chunks.map(({ spec }) => spec));

describe('the segments of a timeline that is upscaled', () => {
  it('are small where the clip has too few pixels, without grain and coded finer, and large where it has enough', () => {
    const [soft, sharp] = segmentsOf(master([{ frames: 30 }, { frames: 20, source: 1 }]));
    const { crf, preset } = QUALITY_PROFILES.master;
    expect(soft).toMatchObject({ width: 1920, height: 1080, preset, main: { grade: { grain: 0 } } });
    expect(soft?.crf).toBeLessThan(crf);
    expect(sharp).toMatchObject({ width: 3840, height: 2160, crf, preset, main: { grade: { grain: GRAIN } } });
  });

  it.each([
    ['3840×2160', SHARP, 3840],
    ['2704×1520, which has more than half of the pixels across', { width: 2704, height: 1520 }, 3840],
    ['2400×1350, which loses a quarter when it is made small', { width: 2400, height: 1350 }, 3840],
    ['2398×1350, which loses less', { width: 2398, height: 1350 }, 1920],
    ['1920×1080', { width: 1920, height: 1080 }, 1920],
    ['4096×2160, of which the sides are cut off', { width: 4096, height: 2160 }, 3840],
    ['3840×2400, of which top and bottom are cut off', { width: 3840, height: 2400 }, 3840],
    ['2000×1500, of which top and bottom are cut off', { width: 2000, height: 1500 }, 1920],
    ['2160×3840, shown whole between blurred sides', { width: 2160, height: 3840 }, 3840],
    ['1080×1920, shown whole between blurred sides', { width: 1080, height: 1920 }, 3840],
    ['720×1280, shown whole between blurred sides', { width: 720, height: 1280 }, 1920],
  ])('of a clip of %s', (_name, source, width) => {
    const timeline = master([{ frames: 10 }]);
    const sources = timeline.sources.map((each) => ({ ...each, ...source }));
    expect(sizes({ ...timeline, sources })).toEqual([width]);
  });

  it('are made larger by less than was ordered where the clip has more pixels than that', () => {
    const soft = (width: number, height: number) => {
      const timeline = master([{ frames: 10 }], { scale: 4 });
      const sources = timeline.sources.map((each) => ({ ...each, width, height }));
      return plannedSegments({ ...timeline, sources }).map(({ spec, chunks }) => [
        spec.width,
        chunks[0]?.spec.upscale.scale,
      ]);
    };
    expect(soft(960, 540)).toEqual([[960, 4]]);
    expect(soft(1280, 720)).toEqual([[1280, 3]]);
    expect(soft(1920, 1080)).toEqual([[1920, 2]]);
    expect(soft(2704, 1520)).toEqual([[3840, undefined]]);
  });

  it('that dissolve are small unless both clips are sharp', () => {
    const pair = (from: number, to: number) =>
      sizes(
        master([
          { frames: 30, source: from },
          { frames: 30, source: to, transition: DISSOLVE },
        ]),
      );
    expect(pair(0, 1)).toEqual([1920, 1920]);
    expect(pair(1, 0)).toEqual([3840, 1920]);
    expect(pair(1, 1)).toEqual([3840, 3840]);
    expect(pair(1, 2)).toEqual([3840, 3840]);
  });

  it('that are sharp are the very files that they are without upscaling', () => {
    const cuts = [{ frames: 30 }, { frames: 20, source: 1 }];
    const [upscaled, plain] = [segmentsOf(master(cuts)), segmentsOf(master(cuts, null))].map((specs) =>
      specs.map(segmentHash),
    );
    expect(upscaled?.[1]).toBe(plain?.[1]);
    expect(upscaled?.[0]).not.toBe(plain?.[0]);
  });
});

describe('the chunks of a timeline', () => {
  it('are none where it is not upscaled', () => {
    expect(chunksOf(master([{ frames: 30 }], null), ['x'])).toEqual([[]]);
  });

  it('are as many frames as two cores can do in some minutes, a GPU where the CPU is not allowed, or an encoder', () => {
    const lengths = (frames: number, upscale: object) =>
      chunksIn(master([{ frames }], upscale))[0]?.map((chunk) => chunk.frames);
    expect(lengths(129, { onCpu: true })).toEqual([43, 43, 43]);
    expect(lengths(3, { model: 'thick', onCpu: true })).toEqual([1, 1, 1]);
    expect(lengths(18, { model: 'thick' })).toEqual([9, 9]);
    expect(lengths(120, {})).toEqual([60, 60]);
  });

  it('are each frame of a small segment once, in order, and cost no more than is bounded unless they are one frame', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ frames: fc.integer({ min: 1, max: 700 }), source: fc.integer({ min: 0, max: 1 }) }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.constantFrom(...MODEL_NAMES),
        fc.constantFrom(...MONTAGE_SCALES),
        (cuts, model, scale) => {
          const timeline = master(cuts, { model, scale });
          for (const { hash, spec, chunks } of plannedSegments(timeline)) {
            expect(chunks.length > 0).toBe(spec.width < timeline.width);
            let next = 0;
            for (const { spec: chunk } of chunks) {
              expect(chunk).toMatchObject({ segment: hash, fromFrame: next, width: 3840, height: 2160 });
              expect(chunk.grain.reduce((sum, { frames }) => sum + frames, 0)).toBe(chunk.frames);
              const cost =
                THOUSAND_MULTIPLY_ADDS[model][chunk.upscale.scale] * 1000 * spec.width * spec.height * chunk.frames;
              const pixels = chunk.width * chunk.height * chunk.frames;
              expect(
                chunk.frames === 1 ||
                  (cost <= MOST_MULTIPLY_ADDS[chunk.upscale.onCpu ? 'cpu' : 'gpu'] && pixels <= MOST_PIXELS),
              ).toBe(true);
              next += chunk.frames;
            }
            expect(next).toBe(chunks.length > 0 ? spec.frames : 0);
          }
          const joined = joinedFiles(plannedSegments(timeline));
          expect(joined.reduce((sum, { frames }) => sum + frames, 0)).toBe(timeline.frames);
        },
      ),
    );
  });

  const levels = (chunks: readonly ChunkSpec[] | undefined) =>
    (chunks ?? []).flatMap(({ grain }) => grain.flatMap(({ frames, level }) => Array<number>(frames).fill(level)));

  it('have the grain of their cut, also where one ends and the next begins', () => {
    expect(new Set(levels(chunksIn(master([{ frames: 100 }]))[0]))).toEqual(new Set([11]));
  });

  it('have less grain the more is faded to black or white, and none at the cut', () => {
    const transition: Cut['transition'] = { kind: 'dip_to_black', inFrames: 4, outFrames: 2 };
    const [out, into] = chunksIn(master([{ frames: 8 }, { frames: 8, transition }])).map(levels);
    expect(out).toEqual([11, 11, 11, 11, 8, 6, 3, 0]);
    expect(into).toEqual([0, 6, 11, 11, 11, 11, 11, 11]);
  });

  it('go over from one clip’s grain to the other’s in a dissolve', () => {
    const timeline = master([{ frames: 20 }, { frames: 20, transition: DISSOLVE }]);
    const cuts = timeline.cuts.map((cut, i) => (i === 0 ? { ...cut, grade: { ...cut.grade, grain: 0 } } : cut));
    const [, dissolving] = chunksIn({ ...timeline, cuts }).map(levels);
    expect(dissolving?.slice(0, 12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11]);
  });

  it('are known by all that shapes their pixels, and not by what may compute them', () => {
    const [chunk] = chunksIn(master([{ frames: 10 }]))[0] ?? [];
    const of = (changes: Partial<ChunkSpec>) => chunkHash({ ...(chunk as ChunkSpec), ...changes });
    const upscale = chunk?.upscale as Upscale;
    expect(of({ upscale: { ...upscale, onCpu: true } })).toBe(of({}));
    const others = [
      of({ upscale: { ...upscale, model: 'medium' } }),
      of({ upscale: { ...upscale, scale: 3 } }),
      of({ segment: 'b'.repeat(64) }),
      of({ fromFrame: 1 }),
      of({ frames: 9 }),
      of({ crf: 20 }),
      of({ grain: [{ frames: 10, level: 2 }] }),
      of({ upscalerVersion: (UPSCALER_VERSION - 1) as ChunkSpec['upscalerVersion'] }),
    ];
    expect(new Set([of({}), ...others]).size).toBe(others.length + 1);
  });
});
