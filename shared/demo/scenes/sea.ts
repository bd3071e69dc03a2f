import {
  type Colour,
  clouds,
  colourAt,
  gradient,
  HEIGHT,
  hills,
  mix,
  type Picture,
  softRow,
  WIDTH,
  wave,
} from './picture.ts';

const HORIZON = 196;
const SKY: readonly (readonly [number, Colour])[] = [
  [0, [0.02, 0.035, 0.13]],
  [0.4, [0.12, 0.08, 0.24]],
  [0.7, [0.55, 0.17, 0.2]],
  [0.9, [1.1, 0.42, 0.14]],
  [1, [1.5, 0.75, 0.28]],
];

/** The sun sinks into a moving sea, under drifting clouds. */
export function sea(picture: Picture, seconds: number): void {
  gradient(picture, 0, HORIZON, SKY);
  const thickness = new Float32Array(WIDTH);
  const sunX = 330 + 5 * seconds;
  const sunY = HORIZON - 46 + 3.2 * seconds;
  for (let y = 0; y < HORIZON; y++) {
    const height = 1 - y / HORIZON;
    softRow(thickness, (x) => clouds((x - 9 * seconds) * 0.011 + height, y * 0.05 + 0.05 * seconds, 3));
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * 3;
      const dx = x - sunX;
      const dy = y - sunY;
      const square = dx * dx + dy * dy;
      const disc = square < 961 ? Math.max(0, Math.min(1, 30.5 - Math.sqrt(square))) : 0;
      const halo = 0.85 / (1 + square / 1764) + 0.22 / (1 + square / 28_900);
      const cloud = Math.max(0, Math.min(1, ((thickness[x] as number) - 0.5) * 4.5)) * Math.min(1, height * 3.2);
      // Clouds are dark from below and catch fire near the sun.
      const lit = 0.28 + 1.5 / (1 + square / 12_100);
      const through = 1 - 0.75 * cloud;
      picture[at] = ((picture[at] as number) + halo * 1.25 + disc * 4) * through + cloud * 0.42 * lit;
      picture[at + 1] = ((picture[at + 1] as number) + halo * 0.58 + disc * 2.6) * through + cloud * 0.15 * lit;
      picture[at + 2] = ((picture[at + 2] as number) + halo * 0.2 + disc * 1.1) * through + cloud * 0.14 * lit;
    }
  }
  for (let y = HORIZON; y < HEIGHT; y++) {
    const near = (y - HORIZON + 1.5) / (HEIGHT - HORIZON);
    const far = 1 / near;
    const [skyRed, skyGreen, skyBlue] = colourAt(SKY, 1 - near * 0.9);
    const path = 16 + 120 * near;
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * 3;
      const across = (x - WIDTH / 2) * 0.028 * far;
      const swell =
        wave(across * 0.8 + far * 2.1 + seconds * 1.7) * 0.5 +
        (hills(across + seconds * 0.7, far * 6 - seconds * 1.3) - 0.5) * 1.7 +
        (hills(across * 3.1 - seconds * 0.9, far * 15 - seconds * 2.2 + 40) - 0.5) * 1.3;
      const slope = swell * Math.min(1, 0.35 + near);
      const off = (x - sunX + slope * 46 * near) / path;
      const crest = Math.max(0, slope);
      const glitter = off * off < 9 ? Math.exp(-off * off) * (0.35 + 1.9 * crest * crest) * mix(1.3, 0.75, near) : 0;
      const shade = Math.max(0.12, 0.5 + 0.42 * slope) * mix(0.85, 0.5, near);
      picture[at] = skyRed * shade + 0.012 + glitter * 1.9;
      picture[at + 1] = skyGreen * shade + 0.026 + glitter * 0.95;
      picture[at + 2] = skyBlue * shade + 0.05 + glitter * 0.34;
    }
  }
}
