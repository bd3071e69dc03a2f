import { chain } from './picture.ts';

/**
 * Chains that let `from`, a stream of `frames` pictures, give way to `main` and label the result `to`. The share of `main`
 * rises in frames + 1 equal steps: the first picture has one step of it, the last lacks one.
 * By overlay and a fading alpha plane, since the ffmpeg of 2018 has no xfade.
 */
export function dissolve(main: string, from: string, frames: number, rate: string, to: string): string[] {
  const [numerator = 1, denominator = 1] = rate.split('/').map(Number);
  const seconds = ((frames + 1) * denominator) / numerator;
  return [
    // One frame late under the fade, so that its first picture is one step on already.
    chain(
      from,
      ['format=yuva420p', 'setpts=N+1', `fade=out:start_time=0:duration=${seconds}:alpha=1`, 'setpts=N'],
      `${to}_going`,
    ),
    chain(`${main}][${to}_going`, ['overlay=format=yuv420:eof_action=pass'], to),
  ];
}
