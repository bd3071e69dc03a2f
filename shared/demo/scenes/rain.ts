import { addLight, type Colour, chance, eachNear, gradient, HEIGHT, type Picture, WIDTH } from './picture.ts';

const NEON: readonly Colour[] = [
  [1, 0.12, 0.45],
  [0.1, 0.75, 1],
  [1, 0.5, 0.1],
  [0.55, 0.2, 1],
  [0.1, 0.95, 0.6],
  [1, 0.8, 0.45],
];
const LIGHTS = 46;
const DROPS = 190;

/** Neon signs out of focus, drifting by behind falling rain. */
export function rain(picture: Picture, seconds: number): void {
  gradient(picture, 0, HEIGHT, [
    [0, [0.012, 0.012, 0.045]],
    [0.55, [0.045, 0.025, 0.09]],
    [1, [0.01, 0.02, 0.045]],
  ]);
  for (let light = 0; light < LIGHTS; light++) {
    const near = chance(light, 1);
    const span = WIDTH + 160;
    const x = ((chance(light, 2) * span + seconds * (8 + 42 * near)) % span) - 80;
    const y = 30 + chance(light, 3) * 270 + 8 * Math.sin(seconds * 0.6 + light);
    const radius = 10 + 38 * near * near;
    const flicker = 0.75 + 0.25 * Math.sin(seconds * (1 + 3 * chance(light, 5)) + light);
    disc(picture, x, y, radius, NEON[light % NEON.length] as Colour, flicker * (0.2 + 0.38 * chance(light, 4)));
  }
  for (let drop = 0; drop < DROPS; drop++) fallingDrop(picture, drop, seconds);
}

/** A light out of focus: even, with a brighter rim, soft at the edge. */
function disc(picture: Picture, x: number, y: number, radius: number, colour: Colour, strength: number): void {
  eachNear(x, y, radius + 1, radius + 1, (at, dx, dy) => {
    const distance = Math.sqrt(dx * dx + dy * dy);
    const edge = Math.min(1, (radius + 1 - distance) / 2);
    if (edge <= 0) return;
    const rim = 0.7 + 0.55 * (distance / radius) ** 6;
    addLight(picture, at, colour, strength * rim * edge);
  });
}

function fallingDrop(picture: Picture, drop: number, seconds: number): void {
  const near = chance(drop, 11);
  const pace = 420 + 620 * near;
  const span = HEIGHT + 120;
  const fallen = chance(drop, 12) * span + pace * seconds;
  const length = 14 + 34 * near;
  const y = (fallen % span) - 60;
  // Each time a drop starts anew it falls somewhere else.
  const x = chance(drop, 13 + Math.floor(fallen / span)) * (WIDTH + 60) - 60 + y * 0.12;
  const strength = 0.05 + 0.2 * near;
  for (let along = 0; along < length; along++) {
    const row = Math.round(y - along);
    const column = x - along * 0.12;
    const left = Math.floor(column);
    if (row < 0 || row >= HEIGHT || left < 0 || left + 1 >= WIDTH) continue;
    const fade = strength * (1 - along / length);
    const part = column - left;
    addLight(picture, (row * WIDTH + left) * 3, [0.8, 0.9, 1], fade * (1 - part));
    addLight(picture, (row * WIDTH + left + 1) * 3, [0.8, 0.9, 1], fade * part);
  }
}
