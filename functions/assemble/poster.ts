import { secondsAt } from '../../shared/frame-rate.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import type { Timeline } from '../../shared/timeline.ts';

const TIME_LIMIT_SECONDS = 60;

/**
 * The frame that stands for a montage in a list: the middle of the cut that the plan thought most of, clear of what leads into and
 * out of it. Of cuts that are thought of alike the longest.
 */
export function posterFrame({ cuts }: Pick<Timeline, 'cuts'>): number {
  const clear = cuts.map((cut, i) => {
    const from = cut.frame + (cut.transition?.outFrames ?? 0);
    const to = cut.frame + cut.frames - (cuts[i + 1]?.transition?.inFrames ?? 0);
    return { score: cut.score, from, frames: Math.max(1, to - from) };
  });
  const [best] = clear.sort((a, b) => b.score - a.score || b.frames - a.frames);
  return best ? best.from + (best.frames >> 1) : 0;
}

/** Writes that frame of a finished montage as a JPEG of the same size. */
export async function writePoster(
  montage: string,
  timeline: Pick<Timeline, 'cuts' | 'frameRate'>,
  out: string,
  signal?: AbortSignal,
): Promise<void> {
  // Half a frame before it: the first picture from there on is it, however times are rounded.
  const seconds = secondsAt(posterFrame(timeline) - 0.5, timeline.frameRate);
  const seek = ['-ss', Math.max(0, seconds).toFixed(6)];
  const picture = [
    '-map',
    '0:v:0',
    '-frames:v',
    '1',
    '-q:v',
    '3',
    '-pix_fmt',
    'yuvj420p',
    '-f',
    'image2',
    '-update',
    '1',
  ];
  await ffmpeg(['-v', 'error', ...input(montage, ...seek), ...picture, `file:${out}`], {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal,
  });
}
