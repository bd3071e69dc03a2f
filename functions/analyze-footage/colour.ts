import type { Features } from './features.ts';

/** Weights of red and blue in luma. */
const MATRICES = {
  bt709: { red: 0.2126, blue: 0.0722 },
  bt601: { red: 0.299, blue: 0.114 },
} as const;
export type ColourMatrix = keyof typeof MATRICES;

/** Mean colour of frames `start` to before `end` in CIE L*a*b* (D65), rounded to tenths. */
export function colourOf(
  { thumbnails, cells }: Features,
  start: number,
  end: number,
  matrix: ColourMatrix,
): [number, number, number] {
  const sums = [0, 0, 0];
  for (let frame = start; frame < end; frame++)
    for (let plane = 0; plane < 3; plane++) {
      const from = (frame * 3 + plane) * cells;
      for (let i = from; i < from + cells; i++) sums[plane] = (sums[plane] as number) + (thumbnails[i] as number);
    }
  const [luma = 0, blue = 0, red = 0] = sums.map((sum) => sum / (cells * (end - start)));
  return labOf(rgbOf(luma, blue, red, matrix)).map((value) => Math.round(value * 10) / 10) as [number, number, number];
}

/** R′G′B′ of 0 to 1 from limited-range Y′CbCr. */
function rgbOf(luma: number, blue: number, red: number, matrix: ColourMatrix): [number, number, number] {
  const weights = MATRICES[matrix];
  const y = (luma - 16) / 219;
  const [b, r] = [y + (2 - 2 * weights.blue) * ((blue - 128) / 224), y + (2 - 2 * weights.red) * ((red - 128) / 224)];
  const g = (y - weights.red * r - weights.blue * b) / (1 - weights.red - weights.blue);
  const clamp = (value: number) => Math.max(0, Math.min(1, value));
  return [clamp(r), clamp(g), clamp(b)];
}

/** CIE L*a*b* of sRGB, by IEC 61966-2-1 and CIE 15 with the D65 white. */
function labOf(rgb: [number, number, number]): [number, number, number] {
  const [r, g, b] = rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27) * (t / 116) + 16 / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
