import { secondsAt } from '../../../../shared/frame-rate.ts';
import type { Piece, SegmentSpec } from '../../../../shared/segments.ts';
import type { Timeline } from '../../../../shared/timeline.ts';

type Stretch = Pick<Piece, 'sourceFrame' | 'sourceFrames' | 'frames'> & { readonly frame: number };

/** Frames of a montage that one file shows without a break: a clip, or a piece of the montage that is rendered. */
export interface Run {
  readonly address: string;
  /** The clip, as a person calls it. */
  readonly name: string;
  readonly isRendered: boolean;
  /** Frames of the montage, `to` exclusive. Longer than its cut where it dissolves into the next one. */
  readonly from: number;
  readonly to: number;
  readonly stretches: readonly Stretch[];
}

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly isRendered: boolean;
  readonly head: SegmentSpec['head'];
  readonly tail: SegmentSpec['tail'];
}

/** Which file shows which frame of a montage. */
export interface Schedule {
  readonly frameRate: string;
  readonly frames: number;
  /** By their first frame. */
  readonly runs: readonly Run[];
  readonly segments: readonly Segment[];
}

/** What is shown at a frame. */
export interface Shown {
  /** One, or in a dissolve a second one over it that is going. */
  readonly pictures: readonly { readonly run: Run; readonly opacity: number }[];
  /** Of a dip or a flash, over them. */
  readonly veil: { readonly colour: 'black' | 'white'; readonly opacity: number } | null;
}

interface Addresses {
  clip(key: string): string;
  /** Of a segment that is rendered; null where it isn't. */
  segment(index: number): string | null;
}

/** Which file shows which frame of a timeline, given with its segments: those where they are rendered, else the clips as they would cut them. */
export function scheduleOf(
  specs: readonly SegmentSpec[],
  { frameRate, frames: total }: Pick<Timeline, 'frameRate' | 'frames'>,
  addresses: Addresses,
): Schedule {
  const runs: Run[] = [];
  const segments: Segment[] = [];
  let frame = 0;
  let before: Run | null = null;
  for (const [index, { frames, main, from, head, tail }] of specs.entries()) {
    const rendered = addresses.segment(index);
    segments.push({ from: frame, to: frame + frames, isRendered: rendered !== null, head, tail });
    const to = frame + frames;
    if (rendered !== null) {
      const stretches = [{ frame, frames, sourceFrame: 0, sourceFrames: frames }];
      runs.push({ address: rendered, name: main.file, isRendered: true, from: frame, to, stretches });
      before = null;
    } else {
      const going = from && stretchOf(from, frame);
      if (going && before)
        runs[runs.indexOf(before)] = { ...before, to: frame + going.frames, stretches: [...before.stretches, going] };
      else if (from && going) runs.push(runOf(from, going, addresses));
      before = runOf(main, stretchOf(main, frame), addresses);
      runs.push(before);
    }
    frame = to;
  }
  return { frameRate, frames: total, runs, segments };
}

const stretchOf = ({ sourceFrame, sourceFrames, frames }: Piece, frame: number): Stretch => ({
  frame,
  frames,
  sourceFrame,
  sourceFrames,
});

const runOf = ({ key, file }: Piece, stretch: Stretch, { clip }: Addresses): Run => ({
  address: clip(key),
  name: file,
  isRendered: false,
  from: stretch.frame,
  to: stretch.frame + stretch.frames,
  stretches: [stretch],
});

/** What a schedule shows at a frame that it has. */
export function shownAt({ runs, segments }: Schedule, frame: number): Shown {
  const [first, second] = runs.filter(({ from, to }) => from <= frame && frame < to);
  const segment = segments.find(({ from, to }) => from <= frame && frame < to);
  const veil = segment && !segment.isRendered ? veilAt(segment, frame) : null;
  if (!first) return { pictures: [], veil };
  if (!second) return { pictures: [{ run: first, opacity: 1 }], veil };
  // The share of the one that comes rises in equal steps, and is neither none nor all while both are seen.
  const steps = first.to - second.from + 1;
  const going = 1 - (frame - second.from + 1) / steps;
  return {
    pictures: [
      { run: second, opacity: 1 },
      { run: first, opacity: going },
    ],
    veil,
  };
}

/** Black and white are full at the cut itself, on both sides of it. A whip pan can't be shown like this. */
function veilAt({ from, to, head, tail }: Segment, frame: number): Shown['veil'] {
  const shares = [
    { edge: head, step: frame - from },
    { edge: tail, step: to - 1 - frame },
  ];
  for (const { edge, step } of shares) {
    const length = Math.min(edge?.frames ?? 0, to - from);
    if (!edge || edge.kind === 'whip' || step >= length) continue;
    return { colour: edge.kind, opacity: 1 - step / length };
  }
  return null;
}

/** The runs that begin after a frame, the next one first. */
export const comingAfter = ({ runs }: Schedule, frame: number, most: number): readonly Run[] =>
  runs.filter(({ from }) => from > frame).slice(0, most);

/** Where the file of a run is, in seconds, when the montage is at `position`, in frames and parts of them. Goes on beyond both its ends. */
export function fileSecondsAt({ stretches }: Run, position: number, frameRate: string): number {
  const stretch = stretches.findLast(({ frame }) => frame <= position) ?? (stretches[0] as Stretch);
  const speed = stretch.sourceFrames / stretch.frames;
  return secondsAt(stretch.sourceFrame + (position - stretch.frame) * speed, frameRate);
}

/** A picture that begins right in the middle of a frame isn't seen in it. */
const HAIR_SECONDS = 2e-6;

/** Where to stop the file of a run so that it shows the very picture that is rendered into a frame. */
export const stillSecondsAt = (run: Run, frame: number, frameRate: string): number =>
  fileSecondsAt(run, frame + 0.5, frameRate) - HAIR_SECONDS;

/** How fast a run's file is to be played, as a share of its own speed. */
export function speedAt({ stretches }: Run, position: number): number {
  const stretch = stretches.findLast(({ frame }) => frame <= position) ?? (stretches[0] as Stretch);
  return stretch.sourceFrames / stretch.frames;
}
