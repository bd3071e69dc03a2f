/** One take of a made clip: a picture that its seed decides, and how it moves and changes. Positions and shares are of the width. */
export interface Scene {
  frames: number;
  /** Other seeds are visibly other pictures. */
  seed?: number;
  /** Share of the width that the camera travels every frame, across and down. */
  pan?: readonly [number, number];
  /** How far the camera jumps about from frame to frame, as a share of the width. */
  shake?: number;
  /** Each picture is shown this many frames, as in 12.5 pictures a second in 25. */
  held?: number;
  /** Nothing moves at all. */
  still?: boolean;
  /** Standard deviation of fresh noise in every frame, in levels of 255. */
  noise?: number;
  /** Factor on the brightness at a frame of the scene. */
  gain?: (frame: number) => number;
  /** Frames of the scene that are a white flash. */
  flashes?: readonly number[];
  /** Side of the box that the picture is blurred with, in pixels of the small canvas. */
  blur?: number;
  /** The scene before dissolves into this one over so many frames; 0 is a hard cut. */
  dissolve?: number;
  /** Frames over which the scene comes out of black and goes into it. */
  fadeIn?: number;
  fadeOut?: number;
}

/** Numbers from 0 to 1 that follow from the seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Disc {
  x: number;
  y: number;
  speedX: number;
  speedY: number;
  radius: number;
  colour: readonly [number, number, number];
}

interface World {
  /** Colours of a torus three canvases wide, so that the camera can travel. */
  pixels: Uint8Array;
  width: number;
  height: number;
  discs: Disc[];
}

const worlds = new Map<string, World>();

/** Two-coloured ground with boxes of all sizes on it, and discs that will move. */
function worldOf(seed: number, width: number, height: number): World {
  const name = `${seed} ${width} ${height}`;
  const known = worlds.get(name);
  if (known) return known;
  const random = randomOf(seed + 1);
  const colour = (): [number, number, number] => [30 + 200 * random(), 30 + 200 * random(), 30 + 200 * random()];
  const [across, down] = [width * 3, height * 3];
  const pixels = new Uint8Array(across * down * 3);
  const [high, low] = [colour(), colour()];
  for (let y = 0; y < down; y++) {
    const share = 0.5 + 0.5 * Math.cos((2 * Math.PI * y) / down);
    for (let x = 0; x < across; x++)
      for (let c = 0; c < 3; c++)
        pixels[(y * across + x) * 3 + c] = (high[c] ?? 0) * share + (low[c] ?? 0) * (1 - share);
  }
  for (let box = 0; box < 260; box++) {
    const size = (0.03 + 0.35 * random() ** 3) * width;
    const [left, top] = [Math.floor(random() * across), Math.floor(random() * down)];
    const [boxWidth, boxHeight, paint] = [size * (0.4 + random()), size * (0.4 + random()), colour()];
    for (let y = 0; y < boxHeight; y++)
      for (let x = 0; x < boxWidth; x++) pixels.set(paint, (((top + y) % down) * across + ((left + x) % across)) * 3);
  }
  const discs = Array.from({ length: 3 }, () => ({
    x: random(),
    y: random(),
    speedX: (random() - 0.5) * 0.02,
    speedY: (random() - 0.5) * 0.02,
    radius: 0.04 + 0.05 * random(),
    colour: colour(),
  }));
  const world = { pixels, width: across, height: down, discs };
  worlds.set(name, world);
  return world;
}

const modulo = (value: number, by: number) => ((value % by) + by) % by;

/** Frame `frame` of a scene, as RGB bytes of `width` × `height`. */
export function drawScene(scene: Scene, frame: number, width: number, height: number): Uint8Array {
  const seed = scene.seed ?? 1;
  const world = worldOf(seed, width, height);
  const clock = scene.still ? 0 : Math.floor(frame / (scene.held ?? 1)) * (scene.held ?? 1);
  const jolt = randomOf(seed * 7919 + clock);
  const shake = (scene.shake ?? 0) * width;
  const [panX, panY] = scene.pan ?? [0, 0];
  const left = Math.round(panX * clock * width + (jolt() - 0.5) * 2 * shake);
  const top = Math.round(panY * clock * width + (jolt() - 0.5) * 2 * shake);
  const picture = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = modulo(y + top, world.height) * world.width;
    for (let x = 0; x < width; x++) {
      const from = (row + modulo(x + left, world.width)) * 3;
      const to = (y * width + x) * 3;
      picture[to] = world.pixels[from] ?? 0;
      picture[to + 1] = world.pixels[from + 1] ?? 0;
      picture[to + 2] = world.pixels[from + 2] ?? 0;
    }
  }
  for (const disc of world.discs) {
    const [x, y] = [modulo(disc.x + disc.speedX * clock, 1) * width, modulo(disc.y + disc.speedY * clock, 1) * height];
    const radius = disc.radius * width;
    for (let row = Math.max(0, Math.ceil(y - radius)); row < Math.min(height, y + radius); row++)
      for (let column = Math.max(0, Math.ceil(x - radius)); column < Math.min(width, x + radius); column++)
        if ((column - x) ** 2 + (row - y) ** 2 < radius ** 2) picture.set(disc.colour, (row * width + column) * 3);
  }
  if (scene.blur) blurBoth(picture, width, height, scene.blur);
  light(picture, scene, frame);
  return picture;
}

/** Gain, fades, flashes and noise: what changes the light and not the picture. */
function light(picture: Uint8Array, scene: Scene, frame: number): void {
  const fadeIn = scene.fadeIn ? Math.min(1, frame / scene.fadeIn) : 1;
  const fadeOut = scene.fadeOut ? Math.min(1, (scene.frames - 1 - frame) / scene.fadeOut) : 1;
  const gain = (scene.gain?.(frame) ?? 1) * Math.max(0, Math.min(fadeIn, fadeOut));
  const flash = scene.flashes?.includes(frame) ? 200 : 0;
  const noise = scene.noise ?? 0;
  if (gain === 1 && !flash && !noise) return;
  const random = randomOf(frame * 31 + (scene.seed ?? 1));
  for (let i = 0; i < picture.length; i++) {
    const grain = noise ? (random() + random() + random() - 1.5) * 2 * noise : 0;
    picture[i] = Math.max(0, Math.min(255, (picture[i] ?? 0) * gain + flash + grain));
  }
}

function blurBoth(picture: Uint8Array, width: number, height: number, side: number): void {
  const blurred = new Float32Array(picture.length);
  const half = side >> 1;
  for (const [step, length, lines, lineStep] of [
    [3, width, height, width * 3],
    [width * 3, height, width, 3],
  ] as const) {
    for (let line = 0; line < lines; line++)
      for (let at = 0; at < length; at++)
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let offset = -half; offset <= half; offset++)
            sum += picture[line * lineStep + Math.max(0, Math.min(length - 1, at + offset)) * step + c] ?? 0;
          blurred[line * lineStep + at * step + c] = sum / (half * 2 + 1);
        }
    picture.set(blurred);
  }
}
