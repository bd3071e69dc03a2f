import type { Boundary } from './boundary.ts';
import type { Features } from './features.ts';
import { coarseLikeness } from './thumbnails.ts';

/** A frame with less contrast than this, in levels, is blank: black, white or any one colour. */
const BLANK_CONTRAST = 3;
/** So is the darkest of a short dip to black: this dark, and with so small a share of the contrast around it. */
const DIP_LUMA = 0.15;
const DIP_CONTRAST = 0.3;
/** Blank frames that last longer than this are a shot of their own. */
const BLANK_SHOT_SECONDS = 1;
/** How far from a blank the pictures on both sides of it are compared. */
const ASIDE_SECONDS = 0.4;
const SAME_PICTURE = 0.45;
/** Contrast next to a blank, as a share of that a few frames further, at which the picture fades. */
const FADING = 0.75;
const FURTHER = 3;

interface Blank {
  start: number;
  /** Exclusive. */
  end: number;
}

/**
 * Makes one boundary of what happens around blank frames: of a fade out and a fade in, in the middle of the black between
 * them; of a short black between two cuts, where it ends. A fade at the clip's own start or end is no boundary, and neither
 * is a dip or a flash that the same picture comes back from.
 */
export function withoutBlanks(
  boundaries: readonly Boundary[],
  features: Features,
  framesPerSecond: number,
): Boundary[] {
  let kept = [...boundaries];
  const aside = Math.round(ASIDE_SECONDS * framesPerSecond);
  for (const blank of blanksOf(features, aside)) {
    if (blank.end - blank.start >= BLANK_SHOT_SECONDS * framesPerSecond) continue;
    const touching = kept.filter(({ first, last }) => last >= blank.start && first <= blank.end);
    kept = kept.filter((boundary) => !touching.includes(boundary));
    if (blank.start === 0 || blank.end === features.frames) continue;
    if (touching.length === 0 && comesBack(features, blank, aside)) continue;
    const gradual = touching.some(({ opens }) => opens === 'gradual') || fades(features, blank);
    kept.push({
      frame: gradual ? (blank.start + blank.end) >> 1 : blank.end,
      opens: gradual ? 'gradual' : 'cut',
      first: Math.min(blank.start, ...touching.map(({ first }) => first)),
      last: Math.max(blank.end, ...touching.map(({ last }) => last)),
    });
  }
  return kept.sort((a, b) => a.frame - b.frame);
}

function comesBack(features: Features, { start, end }: Blank, aside: number): boolean {
  const [before, after] = [Math.max(0, start - aside), Math.min(features.frames - 1, end - 1 + aside)];
  return (
    coarseLikeness(features, start - 1, end) > SAME_PICTURE || coarseLikeness(features, before, after) > SAME_PICTURE
  );
}

function fades({ contrast, frames }: Features, { start, end }: Blank): boolean {
  const lessThan = (near: number, far: number) =>
    (contrast[near] as number) < FADING * (contrast[Math.max(0, Math.min(frames - 1, far))] as number);
  return lessThan(start - 1, start - 1 - FURTHER) || lessThan(end, end + FURTHER);
}

function blanksOf(features: Features, aside: number): Blank[] {
  const blanks: Blank[] = [];
  for (let frame = 0; frame < features.frames; frame++) {
    if (!isBlank(features, frame, aside)) continue;
    const last = blanks.at(-1);
    if (last?.end === frame) last.end++;
    else blanks.push({ start: frame, end: frame + 1 });
  }
  return blanks;
}

function isBlank({ contrast, luma }: Features, frame: number, aside: number): boolean {
  const own = contrast[frame] as number;
  if (own < BLANK_CONTRAST) return true;
  if ((luma[frame] as number) > DIP_LUMA) return false;
  const around = Math.min(
    Math.max(...contrast.subarray(Math.max(0, frame - aside), frame)),
    Math.max(...contrast.subarray(frame + 1, frame + 1 + aside)),
  );
  return own < DIP_CONTRAST * around;
}
