import { framesPerSecond } from '../../shared/frame-rate.ts';
import type { Cut, Source, Timeline } from '../../shared/timeline.ts';
import { SAMPLE_RATE, sampleAt } from './pcm.ts';

/** Long enough for no click to be heard, short enough not to be heard as a fade. */
const CROSSFADE_SAMPLES = SAMPLE_RATE / 100;

/** One cut's own sound, placed on the montage's clock. */
export interface Voice {
  source: Source;
  /** Sample of the montage at which it starts. */
  at: number;
  /** How long it is heard, in samples. */
  samples: number;
  /** Where in the clip it starts, counted from the clip's first picture. */
  startSeconds: number;
  /** Speed: 1 is natural, below 1 slowed down. */
  tempo: number;
  fadeInSamples: number;
  fadeOutSamples: number;
}

/**
 * What is heard of the clips, in order. At a hard cut the sounds cross within 10 ms from the cut on, so the one before
 * plays on for that long; at a dissolve they cross as long as the pictures do. Clips without sound give no voice.
 */
export function voicesOf(timeline: Timeline): Voice[] {
  const { cuts, frameRate, frames } = timeline;
  const end = sampleAt(frames, frameRate);
  return cuts.flatMap((cut, i) => {
    const source = timeline.sources[cut.source];
    if (!source?.hasAudio) return [];
    const tempo = cut.sourceFrames / cut.frames;
    const entry = crossing(cut, timeline);
    const exit = crossing(cuts[i + 1], timeline);
    // A clip has no sound before its first picture, so a dissolve that would reach there starts later.
    const from = Math.max(entry.from, sampleAt(cut.frame, frameRate) - sampleAt(cut.sourceFrame, frameRate) / tempo);
    const to = Math.min(end, exit.to);
    const at = Math.max(0, Math.round(from));
    const startSeconds =
      cut.sourceFrame / framesPerSecond(frameRate) - ((sampleAt(cut.frame, frameRate) - at) * tempo) / SAMPLE_RATE;
    return [
      {
        source,
        at,
        samples: to - at,
        startSeconds: Math.max(0, startSeconds),
        tempo,
        fadeInSamples: Math.min(to - at, entry.to - at),
        fadeOutSamples: Math.min(to - at, to - Math.min(exit.from, end - CROSSFADE_SAMPLES)),
      },
    ];
  });
}

/** From which sample to which the sound changes over to `cut`; from the montage's end on when there is none. */
function crossing(cut: Cut | undefined, { frames, frameRate }: Timeline): { from: number; to: number } {
  const at = sampleAt(cut?.frame ?? frames, frameRate);
  if (cut?.transition?.kind !== 'crossfade') return { from: at, to: at + CROSSFADE_SAMPLES };
  return {
    from: sampleAt(Math.max(0, cut.frame - cut.transition.inFrames), frameRate),
    to: Math.max(at + CROSSFADE_SAMPLES, sampleAt(cut.frame + cut.transition.outFrames, frameRate)),
  };
}
