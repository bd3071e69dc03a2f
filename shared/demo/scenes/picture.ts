/** Scenes are painted at this size and enlarged by ffmpeg. */
export const WIDTH = 640;
export const HEIGHT = 360;

/** Red, green and blue in linear light, row by row; 1 is a bright white, more glows. */
export type Picture = Float32Array;
export type Colour = readonly [number, number, number];

/** Paints the scene as it is `seconds` in; the same picture each time. */
export type Scene = (picture: Picture, seconds: number) => void;

export function blank(): Picture {
  return new Float32Array(WIDTH * HEIGHT * 3);
}

/** A number in 0 to 1 that looks random and is always the same for the same two whole numbers. */
export function chance(a: number, b: number): number {
  let mixed = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

export function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** 0 up to `from`, 1 after `to`, smooth in between. */
export function smoothstep(from: number, to: number, value: number): number {
  const share = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

/** Fills rows `top` to `bottom` with a gradient through colours at the given shares of the way down. */
export function gradient(
  picture: Picture,
  top: number,
  bottom: number,
  stops: readonly (readonly [number, Colour])[],
): void {
  for (let y = Math.max(0, Math.round(top)); y < Math.min(HEIGHT, bottom); y++) {
    const [red, green, blue] = colourAt(stops, (y - top) / (bottom - top));
    for (let at = y * WIDTH * 3; at < (y + 1) * WIDTH * 3; at += 3) {
      picture[at] = red;
      picture[at + 1] = green;
      picture[at + 2] = blue;
    }
  }
}

/** The colour of a gradient at a share of its way. */
export function colourAt(stops: readonly (readonly [number, Colour])[], share: number): Colour {
  let [before] = stops;
  for (const stop of stops) {
    if (stop[0] >= share && before) {
      const part = stop[0] > before[0] ? Math.max(0, (share - before[0]) / (stop[0] - before[0])) : 0;
      return [
        mix(before[1][0], stop[1][0], part),
        mix(before[1][1], stop[1][1], part),
        mix(before[1][2], stop[1][2], part),
      ];
    }
    before = stop;
  }
  return before?.[1] ?? [0, 0, 0];
}

/** Adds a light that falls off smoothly to nothing at `radius`. */
export function glow(picture: Picture, x: number, y: number, radius: number, colour: Colour, strength = 1): void {
  eachNear(x, y, radius, radius, (at, dx, dy) => {
    const fall = 1 - (dx * dx + dy * dy) / (radius * radius);
    if (fall > 0) addLight(picture, at, colour, strength * fall * fall * fall);
  });
}

/** Adds light to the pixel whose red is at `at`. */
export function addLight(picture: Picture, at: number, colour: Colour, strength: number): void {
  picture[at] = (picture[at] as number) + colour[0] * strength;
  picture[at + 1] = (picture[at + 1] as number) + colour[1] * strength;
  picture[at + 2] = (picture[at + 2] as number) + colour[2] * strength;
}

/** Lays a colour over the pixel whose red is at `at`; `cover` 1 hides it. */
export function cover(picture: Picture, at: number, colour: Colour, share: number): void {
  picture[at] = mix(picture[at] as number, colour[0], share);
  picture[at + 1] = mix(picture[at + 1] as number, colour[1], share);
  picture[at + 2] = mix(picture[at + 2] as number, colour[2], share);
}

/** Calls `paint` for each pixel of the picture in a box around a point, with where its red is and its distance. */
export function eachNear(
  x: number,
  y: number,
  reachX: number,
  reachY: number,
  paint: (at: number, dx: number, dy: number) => void,
): void {
  const left = Math.max(0, Math.ceil(x - reachX));
  const right = Math.min(WIDTH - 1, Math.floor(x + reachX));
  const bottom = Math.min(HEIGHT - 1, Math.floor(y + reachY));
  for (let row = Math.max(0, Math.ceil(y - reachY)); row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      paint((row * WIDTH + column) * 3, column - x, row - y);
    }
  }
}

const SINES = Float32Array.from({ length: 4096 }, (_, n) => Math.sin((2 * Math.PI * n) / 4096));

/** The sine of an angle in radians, from a table: many times faster, and good enough for colours. */
export function wave(angle: number): number {
  return SINES[Math.floor(angle * (4096 / (2 * Math.PI))) & 4095] as number;
}

const CELLS = 256;
const LATTICE = Float32Array.from({ length: CELLS * CELLS }, (_, n) => chance(n % CELLS, Math.floor(n / CELLS)));

/** Smooth noise over the plane, 0 to 1, about one hill a unit; repeats after 256 units. */
export function hills(x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const dx = x - left;
  const dy = y - top;
  const u = dx * dx * (3 - 2 * dx);
  const v = dy * dy * (3 - 2 * dy);
  const a = left & (CELLS - 1);
  const b = (left + 1) & (CELLS - 1);
  const upper = (top & (CELLS - 1)) * CELLS;
  const lower = ((top + 1) & (CELLS - 1)) * CELLS;
  const high = mix(LATTICE[upper + a] as number, LATTICE[upper + b] as number, u);
  const low = mix(LATTICE[lower + a] as number, LATTICE[lower + b] as number, u);
  return mix(high, low, v);
}

/** Noise with detail: octaves of `hills`, 0 to 1. */
export function clouds(x: number, y: number, octaves: number): number {
  let sum = 0;
  let weight = 1;
  let total = 0;
  let scale = 1;
  for (let octave = 0; octave < octaves; octave++) {
    sum += weight * hills(x * scale + 17.3 * octave, y * scale + 9.1 * octave);
    total += weight;
    weight *= 0.5;
    scale *= 2.03;
  }
  return sum / total;
}

/** Fills `row` with `value(x)`, worked out at every fourth pixel only: for what is soft anyway. */
export function softRow(row: Float32Array, value: (x: number) => number): void {
  let next = value(0);
  for (let x = 0; x < row.length; x += 4) {
    const here = next;
    next = value(x + 4);
    for (let n = 0; n < 4; n++) row[x + n] = here + ((next - here) * n) / 4;
  }
}

const TONE_STEPS = 4096;
const TONE_TOP = 6;
const GAMMA = 1.85;
/**
 * Exposure as film has it, highlights roll off instead of clipping, then the display's gamma; a little darker than life.
 * In 256ths of a step of brightness.
 */
const TONES = Uint16Array.from(
  { length: TONE_STEPS + 1 },
  (_, n) => 255 * 256 * (1 - Math.exp((-1.6 * n * TONE_TOP) / TONE_STEPS)) ** (1 / GAMMA),
);
const GRAIN = Uint8Array.from(LATTICE, (value) => value * 255);

/** The picture as RGB bytes, with a fine grain that keeps gradients from banding; `frame` moves the grain. */
export function develop(picture: Picture, frame: number): Uint8Array {
  const bytes = new Uint8Array(picture.length);
  const scale = TONE_STEPS / TONE_TOP;
  let grainAt = Math.floor(chance(frame, 77) * GRAIN.length);
  for (let n = 0; n < picture.length; n += 3) {
    grainAt = (grainAt + 1) & (CELLS * CELLS - 1);
    const grain = GRAIN[grainAt] as number;
    for (let channel = n; channel < n + 3; channel++) {
      const step = ((picture[channel] as number) * scale) | 0;
      bytes[channel] = ((TONES[Math.min(step, TONE_STEPS)] as number) + grain) >> 8;
    }
  }
  return bytes;
}
