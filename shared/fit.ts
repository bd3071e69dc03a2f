export interface Size {
  width: number;
  height: number;
}

/**
 * How a picture goes into a frame of another shape, never stretched (by more than a hair: `SAME_SHAPE`).
 * `crop`: the middle of it, of the given shares of its width and height, fills the frame.
 * `whole`: all of it, at even `width`×`height`, in the middle; the rest of the frame is filled with a crop of `across` and `down`.
 */
export type Fit =
  | { kind: 'crop'; across: number; down: number }
  | { kind: 'whole'; width: number; height: number; across: number; down: number };

/** Losing more of the picture than this costs heads and horizons: rather show it whole. */
const MOST_LOST = 0.3;

/** Shapes this near to the frame's are taken as the frame's own: cropping two lines would resample, so soften, all of the picture. */
const SAME_SHAPE = 0.002;

/** How `source`, a size as shown, fills a frame of even size `frame`. */
export function fitInto(source: Size, frame: Size): Fit {
  const wider = (source.width * frame.height) / (source.height * frame.width);
  if (Math.abs(wider - 1) < SAME_SHAPE) return { kind: 'crop', across: 1, down: 1 };
  const across = Math.min(1, 1 / wider);
  const down = Math.min(1, wider);
  if (across * down >= 1 - MOST_LOST) return { kind: 'crop', across, down };
  return { kind: 'whole', width: even(frame.width * down), height: even(frame.height * across), across, down };
}

function even(length: number): number {
  return Math.max(2, 2 * Math.round(length / 2));
}
