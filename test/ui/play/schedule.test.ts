import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { pictureAt } from '../../../functions/render/timing.ts';
import {
  comingAfter,
  fileSecondsAt,
  type Run,
  scheduleOf,
  shownAt,
  speedAt,
  stillSecondsAt,
} from '../../../functions/ui/page/play/schedule.ts';
import { framesPerSecond } from '../../../shared/frame-rate.ts';
import { type Piece, type SegmentSpec, segmentsOf } from '../../../shared/segments.ts';
import type { Cut, Timeline, Transition } from '../../../shared/timeline.ts';
import { planInputs, variedClips, wholeSong } from '../../functions/plan/analyses.ts';

const planned = planTimeline(planInputs({ clips: variedClips(6), music: wholeSong(32) }));
const KINDS = ['crossfade', 'dip_to_black', 'flash', 'whip_pan'] as const;
const RATES = ['24/1', '25/1', '30000/1001', '30/1', '50/1', '60/1'] as const;

/** Timelines with all kinds of cuts: short and slow ones, and any transition that leaves half of each shot alone. */
const timelines = fc
  .record({
    frameRate: fc.constantFrom(...RATES),
    clipRates: fc.array(fc.constantFrom(...RATES), { minLength: 1, maxLength: 4 }),
    cuts: fc.array(
      fc.record({
        frames: fc.integer({ min: 4, max: 60 }),
        speed: fc.constantFrom(1, 1, 0.8, 0.93),
        sourceFrame: fc.integer({ min: 0, max: 500 }),
        kind: fc.option(fc.constantFrom(...KINDS)),
        share: fc.float({ min: 0, max: 0.5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .map(({ frameRate, clipRates, cuts }): Timeline => {
    let frame = 0;
    const made = cuts.map(({ frames, speed, sourceFrame, kind, share }, i): Cut => {
      const shorter = Math.min(frames, cuts[i - 1]?.frames ?? 0);
      const inFrames = Math.floor(shorter * share * 0.5);
      const transition: Transition | null =
        kind && i > 0 && inFrames > 0 ? { kind, inFrames, outFrames: Math.floor((shorter * share) / 2) } : null;
      // A plan leaves room before a cut for the dissolve into it.
      const before = Math.ceil(inFrames * speed);
      const cut = {
        ...(planned.cuts[0] as Cut),
        ...{ frame, frames, transition },
        ...{ sourceFrame: sourceFrame + before, sourceFrames: Math.max(1, Math.round(frames * speed)) },
        source: i % clipRates.length,
      };
      frame += frames;
      return cut;
    });
    const sources = clipRates.map((rate, i) => ({
      ...(planned.sources[0] as Timeline['sources'][number]),
      ...{ key: `holiday/${i}.mp4`, file: `${i}.mp4`, frameRate: rate },
    }));
    return { ...planned, frameRate, frames: frame, cuts: made, sources };
  });

const scheduled = (timeline: Timeline, rendered: ReadonlySet<number> = new Set()) =>
  scheduleOf(segmentsOf(timeline), timeline, {
    clip: (key) => key,
    segment: (i) => (rendered.has(i) ? `segment ${i}` : null),
  });

/** The segment that renders a frame, its number, and its first frame. */
function renderedAt(timeline: Timeline, frame: number): { spec: SegmentSpec; index: number; first: number } {
  let first = 0;
  for (const [index, spec] of segmentsOf(timeline).entries()) {
    if (frame < first + spec.frames) return { spec, index, first };
    first += spec.frames;
  }
  throw new RangeError(`there is no frame ${frame}`);
}

/** Browsers count in whole microseconds: which of two pictures they show that change this near to where they stop is theirs. */
const GRAIN_SECONDS = 2e-6;

/**
 * The picture of a clip that a player shows which is stopped there, counted at the clip's own rate; `wanted` where that is the next
 * one and hardly later.
 */
const pictureSeen = (run: Run, frame: number, { frameRate, sources }: Timeline, wanted: number | undefined) => {
  const clipRate = framesPerSecond(sources.find(({ key }) => key === run.address)?.frameRate ?? '');
  const seconds = stillSecondsAt(run, frame, frameRate);
  const seen = Math.max(0, Math.floor(seconds * clipRate + 1e-9));
  return seen + 1 === wanted && wanted / clipRate - seconds < GRAIN_SECONDS ? wanted : seen;
};
const pictureRendered = (piece: Piece, frame: number, { frameRate, sources }: Timeline) =>
  Math.max(0, pictureAt(frame, piece, sources.find(({ key }) => key === piece.key)?.frameRate ?? '', frameRate));

const everyFrame = (timeline: Timeline, check: (frame: number) => void) => {
  for (let frame = 0; frame < timeline.frames; frame++) check(frame);
};

describe('the schedule of a montage that isn’t rendered', () => {
  it('shows in every frame one clip, two in a dissolve, each at the very picture that is rendered', () => {
    fc.assert(
      fc.property(timelines, (timeline) => {
        const schedule = scheduled(timeline);
        everyFrame(timeline, (frame) => {
          const { spec, first } = renderedAt(timeline, frame);
          const at = frame - first;
          const { pictures } = shownAt(schedule, frame);
          const isDissolve = spec.from !== null && at < spec.from.frames;
          const pieces = isDissolve && spec.from ? [spec.main, spec.from] : [spec.main];
          const rendered = pieces.map((piece) => pictureRendered(piece, at, timeline));
          expect(pictures.map(({ run }, i) => [run.address, pictureSeen(run, frame, timeline, rendered[i])])).toEqual(
            pieces.map((piece, i) => [piece.key, rendered[i]]),
          );
          const going = spec.from && isDissolve ? 1 - (at + 1) / (spec.from.frames + 1) : null;
          expect(pictures[0]?.opacity).toBe(1);
          if (going !== null) expect(pictures[1]?.opacity).toBeCloseTo(going, 9);
        });
      }),
    );
  });

  it('plays a clip on through its dissolve, at the speed of its cut', () => {
    fc.assert(
      fc.property(timelines, (timeline) => {
        const { runs, frameRate } = scheduled(timeline);
        expect(runs).toHaveLength(timeline.cuts.length);
        for (const run of runs) {
          expect(run.from).toBeLessThan(run.to);
          for (const { frame } of run.stretches.slice(1)) {
            const jump = fileSecondsAt(run, frame, frameRate) - fileSecondsAt(run, frame - 1e-9, frameRate);
            expect(jump).toBeCloseTo(0, 6);
          }
          expect(speedAt(run, run.from)).toBeGreaterThan(0.5);
        }
      }),
    );
  });

  it('is all black or white on both sides of a dip or flash, and clear away from it', () => {
    fc.assert(
      fc.property(timelines, (timeline) => {
        const schedule = scheduled(timeline);
        for (const { frame, transition } of timeline.cuts.slice(1)) {
          if (transition?.kind !== 'dip_to_black' && transition?.kind !== 'flash') continue;
          const colour = transition.kind === 'flash' ? 'white' : 'black';
          expect(shownAt(schedule, frame - 1).veil).toEqual({ colour, opacity: 1 });
          if (transition.outFrames > 0) expect(shownAt(schedule, frame).veil).toEqual({ colour, opacity: 1 });
        }
        everyFrame(timeline, (frame) => {
          const { spec, first } = renderedAt(timeline, frame);
          const inHead = spec.head && spec.head.kind !== 'whip' && frame - first < spec.head.frames;
          const inTail = spec.tail && spec.tail.kind !== 'whip' && first + spec.frames - frame <= spec.tail.frames;
          expect(shownAt(schedule, frame).veil !== null).toBe(Boolean(inHead || inTail));
        });
      }),
    );
  });
});

describe('the schedule of a montage that is rendered in part', () => {
  const some = fc.tuple(timelines, fc.infiniteStream(fc.boolean())).map(([timeline, choices]) => ({
    timeline,
    rendered: new Set(timeline.cuts.flatMap((_, i) => (choices.next().value ? [i] : []))),
  }));

  it('shows the rendered piece, at its own frame and with nothing over it, and elsewhere the clips', () => {
    fc.assert(
      fc.property(some, ({ timeline, rendered }) => {
        const schedule = scheduled(timeline, rendered);
        everyFrame(timeline, (frame) => {
          const { spec, index, first } = renderedAt(timeline, frame);
          const { pictures, veil } = shownAt(schedule, frame);
          const isDissolve = spec.from !== null && frame - first < spec.from.frames;
          if (!rendered.has(index)) {
            expect(pictures.map(({ run }) => run.isRendered)).toEqual(isDissolve ? [false, false] : [false]);
            return;
          }
          expect([pictures.map(({ run, opacity }) => [run.address, opacity]), veil]).toEqual([
            [[`segment ${index}`, 1]],
            null,
          ]);
          const seconds = stillSecondsAt(pictures[0]?.run as Run, frame, timeline.frameRate);
          expect(Math.floor(seconds * framesPerSecond(timeline.frameRate))).toBe(frame - first);
        });
      }),
    );
  });

  it('says what comes next, in the order in which it is seen', () => {
    fc.assert(
      fc.property(some, ({ timeline, rendered }) => {
        const schedule = scheduled(timeline, rendered);
        everyFrame(timeline, (frame) => {
          const coming = comingAfter(schedule, frame, 2);
          const next = schedule.runs.findIndex(({ from }) => from > frame);
          expect(coming).toEqual(next < 0 ? [] : schedule.runs.slice(next, next + 2));
        });
      }),
    );
  });
});
