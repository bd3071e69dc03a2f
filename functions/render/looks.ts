import type { LookName } from '../../shared/style.ts';

/** Red, green and blue as shown on BT.709, gamma-encoded, 0 to 1. */
export type Rgb = readonly [number, number, number];
type Step = (colour: Rgb) => Rgb;

const luma = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const clamp = (value: number) => Math.min(1, Math.max(0, value));
const each =
  (change: (value: number, channel: number) => number): Step =>
  ([r, g, b]) => [change(r, 0), change(g, 1), change(b, 2)];

/** An S-curve through black, `pivot` and white; 0 none, 0.5 strong. */
const contrast = (amount: number, pivot = 0.45): Step =>
  each((value) => {
    const x = clamp(value);
    return x + amount * 4 * x * (1 - x) * (x - pivot);
  });

/** Above 1 brighter in the middle, black and white staying. */
const gamma = (amount: number): Step => each((value) => clamp(value) ** (1 / amount));

/** Black rises to `floor`, white sinks to `ceiling`. */
const fade = (floor: number, ceiling = 1): Step => each((value) => floor + value * (ceiling - floor));

const gain = (r: number, g: number, b: number): Step => each((value, channel) => value * ([r, g, b][channel] ?? 1));

/** Distance from grey times `amount`. */
const saturation =
  (amount: number): Step =>
  (colour) => {
    const grey = luma(colour);
    return each((value) => grey + (value - grey) * amount)(colour);
  };

/** Saturation that spares what is colourful already, as skin mostly is. */
const vibrance =
  (amount: number): Step =>
  (colour) => {
    const colourful = Math.max(...colour) - Math.min(...colour);
    return saturation(1 + amount * (1 - clamp(colourful)))(colour);
  };

/** Colour added to the dark and to the bright parts; black and white themselves stay clean. */
const splitTone =
  (shadows: Rgb, highlights: Rgb): Step =>
  (colour) => {
    const y = clamp(luma(colour));
    const dark = 4 * y * (1 - y) ** 3 * 2;
    const bright = 4 * y ** 3 * (1 - y) * 2;
    return each((value, channel) => value + dark * (shadows[channel] ?? 0) + bright * (highlights[channel] ?? 0))(
      colour,
    );
  };

/** Warmer above 0, cooler below, at about the same brightness. */
const temperature = (amount: number): Step => gain(1 + amount, 1 + amount * 0.1, 1 - 1.4 * amount);

/** Brightest parts pressed together, as film does. */
const shoulder = (amount: number): Step =>
  each((value) => (value <= 0.6 ? value : 0.6 + (1 - Math.exp(-(value - 0.6) * (1 + amount))) / (1 + amount)));

const monochrome =
  (r: number, g: number, b: number): Step =>
  (colour) => {
    const grey = colour[0] * r + colour[1] * g + colour[2] * b;
    return [grey, grey, grey];
  };

const TEAL: Rgb = [-0.09, 0.03, 0.08];
const ORANGE: Rgb = [0.09, 0.02, -0.09];

const LOOK_STEPS: Readonly<Record<LookName, readonly Step[]>> = {
  none: [],
  neutral: [contrast(0.15), saturation(1.05)],
  natural: [contrast(0.07), temperature(0.025), vibrance(0.22)],
  warm: [temperature(0.07), contrast(0.08), vibrance(0.08)],
  cool: [temperature(-0.06), contrast(0.08), saturation(0.96)],
  golden_hour: [
    temperature(0.09),
    splitTone([0.04, 0, -0.04], [0.1, 0.04, -0.08]),
    gamma(1.06),
    vibrance(0.2),
    contrast(0.08),
  ],
  blue_hour: [temperature(-0.1), splitTone([-0.04, 0, 0.1], [-0.02, 0, 0.05]), gamma(0.86), saturation(0.9)],
  teal_orange: [splitTone(TEAL, ORANGE), contrast(0.18), vibrance(0.12)],
  cinematic: [
    splitTone([-0.04, 0.01, 0.05], [0.04, 0.015, -0.03]),
    contrast(0.26, 0.5),
    shoulder(0.4),
    saturation(0.86),
    fade(0.02),
  ],
  blockbuster: [splitTone([-0.1, 0.02, 0.09], [0.11, 0.025, -0.11]), contrast(0.42, 0.48), saturation(1.12)],
  vibrant: [vibrance(0.55), contrast(0.16), gamma(1.04)],
  desaturated: [saturation(0.45), contrast(0.14)],
  high_contrast: [contrast(0.62), saturation(1.05)],
  filmic_warm: [
    temperature(0.05),
    splitTone([0.02, 0.02, -0.02], [0.06, 0.03, -0.05]),
    shoulder(0.7),
    fade(0.045),
    saturation(0.94),
  ],
  vintage: [
    saturation(0.68),
    splitTone([0.05, -0.01, 0.06], [0.1, 0.05, -0.12]),
    gain(1.02, 1, 0.94),
    contrast(0.08),
    fade(0.1, 0.95),
  ],
  noir: [monochrome(0.42, 0.44, 0.14), gamma(0.88), contrast(0.66, 0.42)],
  documentary: [saturation(0.8), temperature(-0.015), contrast(0.16, 0.5), shoulder(0.15), fade(0.015)],
};

/** A colour under a look; `intensity` 0 leaves it as it is, 1 is all of the look, between them the blend is linear. */
export function graded(look: LookName, intensity: number, colour: Rgb): Rgb {
  const full = LOOK_STEPS[look].reduce<Rgb>((so, step) => step(so), colour);
  return each((value, channel) => value + (clamp(full[channel] ?? value) - value) * intensity)(colour);
}
