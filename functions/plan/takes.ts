import type { FootageAnalysis, Shot } from '../../shared/analysis.ts';
import { type FrameRate, nearestFrame, secondsAt } from '../../shared/frame-rate.ts';
import { BLACK_EXPOSURE, type ClipCurves, footageCurves, rankIn } from './footage-curves.ts';

/** A stretch of a shot that can be shown. All frames count at the timeline's rate from the clip's first picture. */
export interface Take {
  /** Index into the plan's clips. */
  clip: number;
  startFrame: number;
  /** Exclusive. */
  endFrame: number;
  shot: Shot;
  /** Where the shot stands among all shots, 0 to 1. */
  ranks: { motion: number; spread: number; symmetry: number; sharpness: number };
  curves: ClipCurves;
}

/** Frames kept off a hard cut inside a clip, for it may be found one frame early or late, and off a dissolve or fade. */
const CUT_MARGIN = 1;
const GRADUAL_MARGIN = 3;
/** Shorter stretches show too little to be seen. */
const LEAST_SECONDS = 0.2;
/** Black for longer than this is no blink but a pause, and ends a take. */
const BLACK_SECONDS = 0.25;

/** A clip and the only stretch of it that may be shown; null where all of it may. */
export interface Shown {
  analysis: FootageAnalysis;
  stretch: { fromSeconds: number; toSeconds: number } | null;
}

/** Everything of the clips that can be shown, clip by clip in order of time: their shots, without black stretches. */
export function takesOf(clips: readonly Shown[], rate: FrameRate): Take[] {
  const curves = footageCurves(clips, rate);
  const shots = clips.flatMap(({ analysis }) => analysis.shots);
  const rising = (of: (shot: Shot) => number) => shots.map(of).sort((a, b) => a - b);
  const motions = rising(({ motion }) => motion);
  const spreads = rising(({ spread }) => spread);
  const symmetries = rising(({ symmetry }) => symmetry);
  const sharpnesses = rising(({ sharpness }) => sharpness);
  const least = Math.max(2, nearestFrame(LEAST_SECONDS, rate));
  return clips.flatMap(({ analysis, stretch }, clip) =>
    analysis.shots.flatMap((shot, i) => {
      const ranks = {
        motion: rankIn(motions, shot.motion),
        spread: rankIn(spreads, shot.spread),
        symmetry: rankIn(symmetries, shot.symmetry),
        sharpness: rankIn(sharpnesses, shot.sharpness),
      };
      const inside = insideOf(shot, analysis.shots[i + 1], rate);
      const [from, to] = stretch ? within(inside, stretch, rate) : inside;
      return lightStretches(analysis, from, to, rate)
        .filter(([start, end]) => end - start >= least)
        .map(([startFrame, endFrame]): Take => {
          return { clip, startFrame, endFrame, shot, ranks, curves: curves[clip] as ClipCurves };
        });
    }),
  );
}

/** First and last frame (exclusive) that surely show this shot and no other. */
function insideOf(shot: Shot, next: Shot | undefined, rate: FrameRate): [number, number] {
  const margin = (opens: Shot['opens'] | undefined) =>
    opens === 'cut' ? CUT_MARGIN : opens === 'gradual' ? GRADUAL_MARGIN : 0;
  // Rounded inwards; the small allowance keeps whole seconds whole where a division has left 29.999….
  const start = Math.ceil(nearly(shot.startSeconds, rate, -1)) + margin(shot.opens);
  const end = Math.floor(nearly(shot.endSeconds, rate, 1)) - margin(next?.opens);
  return [start, end];
}

/** The part of some frames that lies in a stretch; none where it ends before it starts. */
function within(
  [from, to]: [number, number],
  stretch: NonNullable<Shown['stretch']>,
  rate: FrameRate,
): [number, number] {
  const first = Math.ceil(nearly(stretch.fromSeconds, rate, -1));
  const end = Math.floor(nearly(Math.min(stretch.toSeconds, secondsAt(to, rate)), rate, 1));
  return [Math.max(from, first), Math.min(to, end)];
}

const nearly = (seconds: number, rate: FrameRate, sign: number) => seconds / secondsAt(1, rate) + sign * 1e-3;

/** The parts of a stretch that aren't black. */
function lightStretches(analysis: FootageAnalysis, from: number, to: number, rate: FrameRate): [number, number][] {
  const { hopSeconds, exposure } = analysis.curves;
  const frameOf = (hop: number) => Math.min(to, Math.max(from, nearestFrame(hop * hopSeconds, rate)));
  const stretches: [number, number][] = [];
  let start = from;
  const firstHop = Math.floor(secondsAt(from, rate) / hopSeconds);
  const lastHop = Math.min(exposure.length, Math.ceil(secondsAt(to, rate) / hopSeconds));
  for (let hop = firstHop; hop < lastHop; hop++) {
    if ((exposure[hop] ?? 1) >= BLACK_EXPOSURE) continue;
    let end = hop;
    while (end < lastHop && (exposure[end] ?? 1) < BLACK_EXPOSURE) end++;
    if ((end - hop) * hopSeconds >= BLACK_SECONDS) {
      if (frameOf(hop) > start) stretches.push([start, frameOf(hop)]);
      start = frameOf(end);
    }
    hop = end;
  }
  if (to > start) stretches.push([start, to]);
  return stretches;
}
