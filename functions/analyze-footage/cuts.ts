import type { Features } from './features.ts';
import { distance } from './thumbnails.ts';

/** A cut leaves hardly any structure of the picture before … */
const MOST_STRUCTURE = 0.4;
/** … and a change that motion doesn't explain, as a share of the contrast, … */
const LEAST_UNEXPLAINED = 0.22;
/** … so many times larger than that of the frames around it, which a fast pan, shaking or a storm of flashes doesn't have. */
const STANDS_OUT = 2.5;
/** A change as great as this needs to stand out less. */
const GREAT_CHANGE = 0.45;
const GREAT_STANDS_OUT = 1.6;
const AROUND = 3;
/** A picture that comes back within so many seconds was interrupted by a flash, not left. */
const FLASH_SECONDS = 0.25;
/** A frame or two of anything, as a broken picture is, are an interruption as well. */
const GLITCH_FRAMES = 2;
/** Brightness that a flash of more frames has to add. */
const FLASH_LUMA = 0.08;
/** How much nearer than its interruption a picture that comes back is to the one that was. */
const BACK = 0.4;

/**
 * First frames of the shots that begin with a hard cut, in order.
 *
 * A cut is a change that stands out from the changes around it (the adaptive threshold of Lienhart, "Comparison of automatic
 * shot boundary detection algorithms", 1999, and of PySceneDetect), measured after motion compensation and only where edges
 * don't carry on either, so that light may change within a shot.
 */
export function findCuts(features: Features, framesPerSecond: number): number[] {
  const longest = Math.round(FLASH_SECONDS * framesPerSecond);
  const interrupted = new Set<number>();
  const candidates: number[] = [];
  for (let n = 1; n < features.frames; n++) {
    if ((features.unexplained[n] as number) < LEAST_UNEXPLAINED) continue;
    if (isInterruption(features, n, longest)) interrupted.add(n);
    else if ((features.structure[n] as number) < MOST_STRUCTURE) candidates.push(n);
  }
  return candidates.filter((n) => standsOut(features, n, interrupted));
}

/** Flashes around it don't count: a cut may come right after one. */
function standsOut({ unexplained, frames }: Features, n: number, interrupted: ReadonlySet<number>): boolean {
  const change = unexplained[n] as number;
  const factor = change < GREAT_CHANGE ? STANDS_OUT : GREAT_STANDS_OUT;
  for (let near = Math.max(1, n - AROUND); near <= Math.min(frames - 1, n + AROUND); near++)
    if (near !== n && !interrupted.has(near) && (unexplained[near] as number) * factor > change) return false;
  return true;
}

/** Whether frame `n` begins or ends a flash or a broken picture: the other side of it looks like this side. */
function isInterruption(features: Features, n: number, longest: number): boolean {
  const { luma, frames } = features;
  const across = distance(features, n - 1, n) * BACK;
  for (let length = 1; length <= longest; length++) {
    const flashed = (from: number, kept: number) =>
      length <= GLITCH_FRAMES || (luma[from] as number) > (luma[kept] as number) + FLASH_LUMA;
    const back = n + length;
    if (back < frames && flashed(n, n - 1) && distance(features, n - 1, back) < across) return true;
    const gone = n - 1 - length;
    if (gone >= 0 && flashed(n - 1, n) && distance(features, n, gone) < across) return true;
  }
  return false;
}
