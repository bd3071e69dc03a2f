import { type Colour, chance, cover, glow, gradient, HEIGHT, hills, type Picture, WIDTH } from './picture.ts';

const SHORE = 300;
const SHELLS: readonly { at: number; x: number; y: number; colour: Colour; size: number }[] = [
  { at: -0.5, x: 300, y: 96, colour: [1.4, 0.75, 0.25], size: 130 },
  { at: 0.5, x: 180, y: 120, colour: [1.3, 0.18, 0.3], size: 110 },
  { at: 1.0, x: 455, y: 92, colour: [0.25, 0.6, 1.5], size: 135 },
  { at: 1.75, x: 300, y: 130, colour: [0.3, 1.2, 0.5], size: 105 },
  { at: 2.5, x: 520, y: 140, colour: [1.3, 0.3, 1.1], size: 105 },
  { at: 3.0, x: 130, y: 84, colour: [1.4, 0.9, 0.35], size: 135 },
  { at: 3.5, x: 345, y: 76, colour: [1.2, 1.1, 1], size: 150 },
  { at: 4.25, x: 215, y: 120, colour: [0.3, 0.8, 1.4], size: 115 },
  { at: 5.0, x: 440, y: 100, colour: [1.4, 0.35, 0.2], size: 135 },
];
const SPARKS = 110;
const TRAIL = 7;

/** When shells burst during the first `seconds`, for the sound. */
export function bursts(seconds: number): number[] {
  return SHELLS.map(({ at }) => at).filter((at) => at >= 0 && at < seconds);
}

/** Shells rise and burst over a lake, each with its flash. */
export function fireworks(picture: Picture, seconds: number): void {
  gradient(picture, 0, HEIGHT, [
    [0, [0.004, 0.006, 0.022]],
    [0.8, [0.03, 0.022, 0.06]],
    [1, [0.012, 0.01, 0.03]],
  ]);
  for (const [number, shell] of SHELLS.entries()) {
    const age = seconds - shell.at;
    if (age > -0.7 && age < 0) {
      const way = 1 + age / 0.7;
      const y = SHORE + (shell.y - SHORE) * (1 - (1 - way) ** 2);
      glow(picture, shell.x, y, 7, [1.6, 1.1, 0.6]);
      glow(picture, shell.x, y + 9, 5, [0.7, 0.4, 0.2]);
    } else if (age >= 0 && age < 2) burst(picture, shell, number, age);
  }
  hillsAndLake(picture, seconds);
}

function burst(picture: Picture, shell: (typeof SHELLS)[number], number: number, age: number): void {
  glow(picture, shell.x, shell.y, shell.size * 1.6, shell.colour, 0.3 * Math.exp(-5 * age));
  glow(picture, shell.x, shell.y, 30, shell.colour, 3 * Math.exp(-12 * age));
  const fade = Math.exp(-1.5 * age) * Math.min(1, (2 - age) * 2);
  for (let spark = 0; spark < SPARKS; spark++) {
    // Evenly over a sphere, seen from the side.
    const height = 1 - (2 * (spark + 0.5)) / SPARKS;
    const around = spark * 2.39996 + number;
    const flat = Math.sqrt(1 - height * height);
    const pace = 0.88 + 0.24 * chance(spark, number);
    for (let trail = 0; trail < TRAIL; trail++) {
      const then = age - trail * 0.022;
      if (then < 0) break;
      const reach = shell.size * pace * (1 - Math.exp(-2.6 * then));
      const x = shell.x + reach * flat * Math.cos(around);
      const y = shell.y + reach * height + 30 * then * then;
      const glitter = age > 0.8 ? 0.35 + 1.1 * chance(spark + trail, Math.floor(age * 25)) : 1;
      glow(picture, x, y, 2.8 - 0.22 * trail, shell.colour, 2.2 * fade * glitter * (1 - trail / TRAIL));
    }
  }
}

/** A dark shore, and the sky again in the water. */
function hillsAndLake(picture: Picture, seconds: number): void {
  for (let x = 0; x < WIDTH; x++) {
    const top = SHORE - 8 - 26 * hills(x * 0.012, 5) - 7 * hills(x * 0.06, 8);
    for (let y = Math.floor(top); y < SHORE; y++) {
      cover(picture, (y * WIDTH + x) * 3, [0.003, 0.004, 0.01], Math.min(1, y + 1 - top));
    }
  }
  for (let y = SHORE; y < HEIGHT; y++) {
    const below = y - SHORE;
    for (let x = 0; x < WIDTH; x++) {
      const wave = hills(x * 0.03 + seconds * 0.5, below * 0.35 - seconds * 1.4) - 0.5;
      const fromX = Math.max(0, Math.min(WIDTH - 1, Math.round(x + wave * (6 + below * 0.5))));
      const fromY = Math.max(0, Math.round(SHORE - 1 - below * 4.6 + wave * below * 1.2));
      const from = (fromY * WIDTH + fromX) * 3;
      const at = (y * WIDTH + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        picture[at + channel] = (picture[from + channel] as number) * (0.55 + 0.5 * wave) + 0.004 * channel;
      }
    }
  }
}
