import { addLight, type Colour, cover, eachNear, gradient, HEIGHT, mix, type Picture, smoothstep } from './picture.ts';

const FLOOR = 292;
const BALLS = [
  { x: 96, radius: 34, every: 1.0, late: 0, high: 190, colour: [0.9, 0.05, 0.04] as Colour },
  { x: 214, radius: 27, every: 0.75, late: 0.25, high: 130, colour: [1, 0.42, 0.01] as Colour },
  { x: 330, radius: 42, every: 1.25, late: 0.5, high: 215, colour: [0.95, 0.78, 0.5] as Colour },
  { x: 446, radius: 29, every: 0.75, late: 0.5, high: 145, colour: [0.02, 0.45, 0.2] as Colour },
  { x: 552, radius: 36, every: 1.0, late: 0.5, high: 200, colour: [0.45, 0.04, 0.5] as Colour },
] as const;

/** When a ball touches the floor during the first `seconds`, for the sound. */
export function bounces(seconds: number): { time: number; size: number }[] {
  return BALLS.flatMap(({ every, late, radius }) =>
    Array.from({ length: Math.ceil((seconds + late) / every) }, (_, n) => ({
      time: (n + 1) * every - late,
      size: radius,
    })),
  ).filter(({ time }) => time < seconds);
}

/** Five balls bounce on a shining floor, each at its own pace: sharp peaks of motion against a calm ground. */
export function bounce(picture: Picture, seconds: number): void {
  gradient(picture, 0, FLOOR - 30, [
    [0, [0.05, 0.2, 0.34]],
    [0.6, [0.16, 0.4, 0.5]],
    [1, [0.55, 0.72, 0.66]],
  ]);
  gradient(picture, FLOOR - 30, HEIGHT, [
    [0, [0.3, 0.42, 0.42]],
    [1, [0.04, 0.1, 0.14]],
  ]);
  for (const ball of BALLS) {
    const phase = ((seconds + ball.late) / ball.every) % 1;
    const height = ball.high * 4 * phase * (1 - phase);
    const near = Math.min(phase, 1 - phase) * ball.every;
    const squash = 0.3 * Math.max(0, 1 - near / 0.06);
    const x = ball.x + 10 * Math.sin(seconds * 0.8 + ball.x);
    const wide = ball.radius * (1 + squash * 0.7);
    const tall = ball.radius * (1 - squash);
    shadow(picture, x, wide, height);
    reflection(picture, x, FLOOR + tall + height * 0.55, wide, tall, ball.colour);
    sphere(picture, x, FLOOR - tall - height, wide, tall, ball.colour, seconds * 2.5 + ball.x);
  }
}

function shadow(picture: Picture, x: number, wide: number, height: number): void {
  const spread = wide * (1 + height / 160);
  const dark = 0.6 / (1 + height / 55);
  eachNear(x, FLOOR + 4, spread, spread * 0.24, (at, dx, dy) => {
    const inside = 1 - (dx / spread) ** 2 - (dy / (spread * 0.24)) ** 2;
    if (inside > 0) cover(picture, at, [0.01, 0.03, 0.05], dark * Math.min(1, inside * 1.6));
  });
}

function reflection(picture: Picture, x: number, y: number, wide: number, tall: number, colour: Colour): void {
  eachNear(x, y, wide, tall, (at, dx, dy) => {
    const inside = 1 - (dx / wide) ** 2 - (dy / tall) ** 2;
    const fade = 0.3 * (1 - smoothstep(0, 62, y + dy - FLOOR));
    if (inside > 0 && y + dy > FLOOR + 2) cover(picture, at, colour, fade * Math.min(1, inside * 3));
  });
}

function sphere(
  picture: Picture,
  x: number,
  y: number,
  wide: number,
  tall: number,
  colour: Colour,
  spin: number,
): void {
  eachNear(x, y, wide + 1, tall + 1, (at, dx, dy) => {
    const nx = dx / wide;
    const ny = dy / tall;
    const flat = nx * nx + ny * ny;
    const edge = Math.min(1, (1 - flat) * wide * 0.5 + 0.5);
    if (edge <= 0) return;
    const nz = Math.sqrt(Math.max(0, 1 - flat));
    const light = Math.max(0, -0.5 * nx - 0.62 * ny + 0.6 * nz);
    const bounced = Math.max(0, ny) * 0.28;
    // A band around the ball shows that it spins.
    const band = Math.max(0, Math.min(1, (0.15 - Math.abs(nx * Math.sin(spin) + ny * Math.cos(spin))) * 14));
    const body = 0.12 + 0.95 * light + bounced;
    const shine = Math.max(0, light - 0.86) * 12;
    cover(
      picture,
      at,
      [
        mix(colour[0], 1, band * 0.85) * body,
        mix(colour[1], 0.95, band * 0.85) * body,
        mix(colour[2], 0.9, band * 0.85) * body,
      ],
      edge,
    );
    addLight(picture, at, [1, 1, 1], shine * shine * edge);
  });
}
