import { type Colour, clouds, cover, eachNear, glow, gradient, HEIGHT, mix, type Picture, WIDTH } from './picture.ts';

/** Far ranges take the colour of the morning air, near ones are almost black. */
const RANGES: readonly { body: Colour; mist: Colour }[] = [
  { body: [0.86, 0.55, 0.42], mist: [1.15, 0.76, 0.5] },
  { body: [0.6, 0.36, 0.36], mist: [1, 0.62, 0.44] },
  { body: [0.33, 0.22, 0.31], mist: [0.82, 0.48, 0.4] },
  { body: [0.14, 0.12, 0.22], mist: [0.56, 0.34, 0.36] },
  { body: [0.045, 0.055, 0.11], mist: [0.27, 0.19, 0.25] },
  { body: [0.006, 0.014, 0.028], mist: [0.03, 0.035, 0.05] },
];

/** A flight along ranges at dawn: near ridges pass quickly, far ones hardly move; mist lies between them. */
export function mountains(picture: Picture, seconds: number): void {
  gradient(picture, 0, 250, [
    [0, [0.06, 0.16, 0.42]],
    [0.45, [0.32, 0.36, 0.55]],
    [0.75, [1.0, 0.6, 0.42]],
    [1, [1.3, 0.85, 0.5]],
  ]);
  glow(picture, 455 - 3 * seconds, 162, 300, [0.7, 0.36, 0.14]);
  glow(picture, 455 - 3 * seconds, 162, 66, [2.4, 1.7, 0.9]);
  const ridges = RANGES.map((_, range) => ridgeOf(range, seconds));
  for (const [range, { body, mist }] of RANGES.entries()) {
    const ridge = ridges[range] as Float32Array;
    const nearer = ridges.slice(range + 1);
    for (let x = 0; x < WIDTH; x++) {
      const top = ridge[x] as number;
      let bottom = HEIGHT;
      for (const other of nearer) bottom = Math.min(bottom, Math.ceil(other[x] as number) + 1);
      for (let y = Math.max(0, Math.floor(top)); y < bottom; y++) {
        const at = (y * WIDTH + x) * 3;
        const below = Math.max(0, Math.min(1, (y - top) / 120));
        const fog = below * (2 - below);
        const edge = Math.min(1, y + 1 - top);
        picture[at] = mix(picture[at] as number, mix(body[0], mist[0], fog), edge);
        picture[at + 1] = mix(picture[at + 1] as number, mix(body[1], mist[1], fog), edge);
        picture[at + 2] = mix(picture[at + 2] as number, mix(body[2], mist[2], fog), edge);
      }
    }
  }
  for (let bird = 0; bird < 9; bird++) flyingBird(picture, bird, seconds);
}

/** The outline of a range: the row where it begins in each column. */
function ridgeOf(range: number, seconds: number): Float32Array {
  const near = (range + 1) / RANGES.length;
  const shift = seconds * (3 + 115 * near ** 2.4) + range * 900;
  const base = 178 + 180 * near ** 1.25 + 4 * Math.sin(seconds * 0.7 + range);
  const relief = 66 + 70 * near;
  const scale = mix(0.015, 0.007, near);
  return Float32Array.from({ length: WIDTH }, (_, x) => {
    const along = (x + shift) * scale;
    const peak = 1 - Math.abs(2 * clouds(along, range * 31, 4) - 1);
    const rough = clouds(along * 9, range * 7, 2) * 0.14;
    return base - relief * (peak * 1.15 + rough - 0.45);
  });
}

/** A small dark V that beats its wings. */
function flyingBird(picture: Picture, bird: number, seconds: number): void {
  const x = 60 + 34 * seconds + Math.abs(bird - 4) * -13 + 9 * Math.sin(seconds + bird);
  const y = 92 + (bird - 4) * 9 + 6 * Math.sin(seconds * 0.9 + bird * 1.7);
  const flap = Math.sin(seconds * 9 + bird * 2.1);
  eachNear(x, y, 8, 8, (at, dx, dy) => {
    const wing = -flap * 0.55 * Math.abs(dx) + 0.05 * dx * dx;
    const close = 1.3 - Math.abs(dy - wing) - Math.max(0, Math.abs(dx) - 6);
    if (close > 0) cover(picture, at, [0.03, 0.04, 0.06], Math.min(1, close) * 0.85);
  });
}
