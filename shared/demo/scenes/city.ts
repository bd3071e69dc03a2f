import { addLight, type Colour, chance, cover, glow, gradient, HEIGHT, hills, type Picture, WIDTH } from './picture.ts';

const SHORE = 268;
const LAYERS = [
  { pace: 7, width: 25, tallest: 118, body: [0.03, 0.045, 0.1] as Colour, lit: 0.24, window: 0.35, cell: 5 },
  { pace: 16, width: 39, tallest: 165, body: [0.015, 0.022, 0.055] as Colour, lit: 0.32, window: 0.8, cell: 6 },
  { pace: 33, width: 62, tallest: 128, body: [0.006, 0.009, 0.02] as Colour, lit: 0.36, window: 1.5, cell: 8 },
] as const;
const WINDOWS: readonly Colour[] = [
  [1, 0.62, 0.26],
  [1, 0.8, 0.5],
  [0.55, 0.75, 1],
  [1, 0.45, 0.2],
];

/** A skyline by night across the water: the camera glides, windows go on and off, cars run along the shore. */
export function city(picture: Picture, seconds: number): void {
  gradient(picture, 0, SHORE, [
    [0, [0.008, 0.014, 0.05]],
    [0.6, [0.05, 0.045, 0.14]],
    [1, [0.26, 0.12, 0.2]],
  ]);
  for (let star = 0; star < 70; star++) {
    glow(picture, chance(star, 1) * WIDTH, chance(star, 2) * 150, 1.6, [0.5, 0.55, 0.7], chance(star, 3));
  }
  glow(picture, 492 - seconds, 70, 130, [0.1, 0.12, 0.2]);
  glow(picture, 492 - seconds, 70, 26, [2.2, 2.1, 1.9]);
  for (const [depth, layer] of LAYERS.entries()) skyline(picture, layer, depth, seconds);
  cars(picture, seconds);
  water(picture, seconds);
}

function skyline(picture: Picture, layer: (typeof LAYERS)[number], depth: number, seconds: number): void {
  const shift = seconds * layer.pace + depth * 311;
  for (let x = 0; x < WIDTH; x++) {
    const along = x + shift;
    const house = Math.floor(along / layer.width);
    const within = along - house * layer.width;
    const gap = chance(house, depth + 20) < 0.22 ? 7 : 1;
    if (within > layer.width - gap) continue;
    const stepped = within < layer.width * 0.22 && chance(house, depth + 30) < 0.5 ? 0.8 : 1;
    const height = layer.tallest * (0.32 + 0.68 * chance(house, depth + 10)) * stepped;
    const top = SHORE - height;
    const column = Math.floor(within / layer.cell);
    const pane = within - column * layer.cell;
    for (let y = Math.max(0, Math.floor(top)); y < SHORE; y++) {
      const at = (y * WIDTH + x) * 3;
      cover(picture, at, layer.body, Math.min(1, y + 1 - top));
      const floor = Math.floor((SHORE - y) / layer.cell);
      const story = SHORE - y - floor * layer.cell;
      if (y < top + 4 || pane < 1.2 || pane > layer.cell - 1.2 || story < 1.5 || story > layer.cell - 1) continue;
      const id = house * 97 + column;
      // Each window keeps its own hours.
      const on = chance(id, floor + depth * 1000) < layer.lit + 0.06 * Math.sin(seconds * 0.8 + id);
      if (!on) continue;
      const colour = WINDOWS[Math.floor(chance(id, floor + 500) * WINDOWS.length)] as Colour;
      addLight(picture, at, colour, layer.window * (0.4 + 0.6 * chance(id, floor + 900)));
    }
    const isMast = depth > 0 && Math.floor(within) === Math.floor(layer.width / 2) && height > layer.tallest * 0.75;
    if (isMast) {
      const blink = Math.max(0, Math.sin(seconds * 3.5 + house * 1.9)) ** 6;
      glow(picture, x, top - 3, 5.5, [2.4, 0.2, 0.12], 0.2 + blink);
    }
  }
}

function cars(picture: Picture, seconds: number): void {
  for (let car = 0; car < 34; car++) {
    const leaves = car % 2 === 0;
    const pace = (leaves ? 1 : -1) * (70 + 80 * chance(car, 41));
    const span = WIDTH + 80;
    const x = (((chance(car, 40) * span + pace * seconds) % span) + span) % span;
    const colour: Colour = leaves ? [1.9, 0.22, 0.12] : [1.8, 1.6, 1.2];
    const y = SHORE - (leaves ? 3 : 6.5);
    glow(picture, x - 40, y, 6, colour, 1.1);
    glow(picture, x - 40 - Math.sign(pace) * 5, y, 5, colour, 0.4);
  }
}

/** The shore's mirror image, stretched and broken by ripples. */
function water(picture: Picture, seconds: number): void {
  for (let y = SHORE; y < HEIGHT; y++) {
    const below = y - SHORE;
    const source = SHORE - 1 - below * 1.9;
    for (let x = 0; x < WIDTH; x++) {
      const wave = hills(x * 0.022 + seconds * 0.35, below * 0.3 - seconds * 1.1) - 0.5;
      const fine = hills(x * 0.07 - seconds * 0.6, below * 0.8 + seconds * 1.9) - 0.5;
      const fromX = Math.max(0, Math.min(WIDTH - 1, Math.round(x + (wave * 16 + fine * 7) * (0.3 + below / 60))));
      const fromY = Math.max(0, Math.min(SHORE - 1, Math.round(source + (wave * 30 + fine * 16) * (0.2 + below / 70))));
      const from = (fromY * WIDTH + fromX) * 3;
      const at = (y * WIDTH + x) * 3;
      const dim = 0.62 - 0.003 * below + 0.3 * fine;
      picture[at] = (picture[from] as number) * dim + 0.004;
      picture[at + 1] = (picture[from + 1] as number) * dim + 0.008;
      picture[at + 2] = (picture[from + 2] as number) * dim + 0.02;
    }
  }
}
