import {
  chance,
  clouds,
  cover,
  glow,
  gradient,
  HEIGHT,
  hills,
  mix,
  type Picture,
  smoothstep,
  WIDTH,
} from './picture.ts';

const GROUND = 312;
const CURTAINS = 3;

/** Northern lights over a forest: curtains of light wave and shimmer before turning stars. */
export function aurora(picture: Picture, seconds: number): void {
  gradient(picture, 0, HEIGHT, [
    [0, [0.003, 0.006, 0.025]],
    [0.6, [0.008, 0.022, 0.05]],
    [0.9, [0.02, 0.07, 0.08]],
    [1, [0.01, 0.03, 0.04]],
  ]);
  stars(picture, seconds);
  for (let curtain = 0; curtain < CURTAINS; curtain++) {
    for (let x = 0; x < WIDTH; x++) drawRay(picture, curtain, x, seconds);
  }
  forest(picture, seconds);
}

function stars(picture: Picture, seconds: number): void {
  const turn = seconds * 0.018;
  for (let star = 0; star < 420; star++) {
    const angle = chance(star, 1) * 2 * Math.PI + turn;
    const distance = 20 + 560 * Math.sqrt(chance(star, 2));
    const x = 380 + distance * Math.cos(angle);
    const y = 250 + distance * Math.sin(angle);
    const size = chance(star, 3) ** 6;
    const twinkle = 0.7 + 0.3 * Math.sin(seconds * (2 + 4 * chance(star, 4)) + star);
    glow(picture, x, y, 1.5 + 1.8 * size, [0.8, 0.88, 1], twinkle * (0.25 + 1.6 * size));
  }
}

/** One column of a curtain: a bright lower hem, fading upwards from green to violet. */
function drawRay(picture: Picture, curtain: number, x: number, seconds: number): void {
  const across = x / WIDTH;
  const drift = seconds * (0.22 + 0.07 * curtain);
  const hem =
    215 -
    42 * curtain +
    34 * Math.sin(across * (4.4 - curtain) + drift * 1.7 + curtain * 2.2) +
    15 * Math.sin(across * 11 - drift * 2.6 + curtain) +
    26 * (hills(across * 4 + drift, curtain * 9) - 0.5);
  const folds = clouds(across * 26 + drift * 3.4 + 6 * Math.sin(across * 5 + drift), curtain * 5 + drift * 0.8, 2);
  const patches = smoothstep(0.25, 0.75, hills(across * 3.1 - drift * 1.4 + curtain * 7, 3.7 + drift * 0.7));
  const strength = (0.12 + 1.5 * folds * folds) * (0.25 + patches) * (curtain === 0 ? 0.95 : 0.65);
  const reach = 95 + 105 * folds;
  const bottom = Math.min(HEIGHT - 1, Math.floor(hem + 16));
  for (let y = Math.max(0, Math.floor(hem - reach * 1.6)); y <= bottom; y++) {
    const up = (hem - y) / reach;
    const light = up < 0 ? Math.exp(-((up * reach) ** 2) / 46) : Math.exp(-2.7 * up) * (1 - up / 1.6);
    const violet = smoothstep(0.2, 1, up);
    const at = (y * WIDTH + x) * 3;
    const power = light * strength;
    picture[at] = (picture[at] as number) + power * mix(0.07, 0.5, violet);
    picture[at + 1] = (picture[at + 1] as number) + power * mix(1, 0.14, violet);
    picture[at + 2] = (picture[at + 2] as number) + power * mix(0.42, 0.75, violet);
  }
}

/** Black firs that glide by, near ones faster. */
function forest(picture: Picture, seconds: number): void {
  for (const [row, { spacing, tall, pace, base }] of [
    { spacing: 15, tall: 42, pace: 5, base: GROUND },
    { spacing: 31, tall: 88, pace: 14, base: GROUND + 36 },
  ].entries()) {
    for (let x = 0; x < WIDTH; x++) {
      const along = x + seconds * pace;
      let top = base - 10 * hills(along * 0.02, row * 3);
      const nearest = Math.floor(along / spacing);
      for (let tree = nearest - 1; tree <= nearest + 1; tree++) {
        const middle = (tree + 0.2 + 0.6 * chance(tree, row + 5)) * spacing;
        const height = tall * (0.45 + 0.55 * chance(tree, row + 8));
        const off = Math.abs(along - middle);
        // Boughs: the outline steps in and out as it narrows.
        const outline = off * 3.4 + ((off * 5.1) % 6.5) * 0.9;
        top = Math.min(top, base - height + outline);
      }
      for (let y = Math.max(0, Math.floor(top)); y < HEIGHT; y++) {
        cover(
          picture,
          (y * WIDTH + x) * 3,
          row ? [0.001, 0.002, 0.004] : [0.004, 0.012, 0.016],
          Math.min(1, y + 1 - top),
        );
      }
    }
  }
}
