import { startFfmpeg } from '../../../shared/media/ffmpeg.ts';

/** One picture as ffmpeg's filters make it, in raw samples: for example of "testsrc2=s=64x36" as "rgb24". */
export async function rawPicture(filters: string, pixels: string): Promise<Uint8Array<ArrayBuffer>> {
  const running = await startFfmpeg(
    ['-v', 'error', '-f', 'lavfi', '-i', `${filters},format=${pixels}`, '-frames:v', '1', '-f', 'rawvideo', 'pipe:1'],
    { timeLimitSeconds: 60 },
  );
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await running.ended;
  return new Uint8Array(Buffer.concat(chunks));
}

/** Such a picture in red, green and blue: three planes, 0 to 1 times `range`. */
export async function rgbPicture(filters: string, range = 1): Promise<Float32Array<ArrayBuffer>> {
  const samples = new Uint16Array((await rawPicture(filters, 'gbrp16le')).buffer);
  const plane = samples.length / 3;
  // ffmpeg's red is its third plane.
  return new Float32Array(samples.length).map(
    (_, n) => ((samples[(n + 2 * plane) % samples.length] as number) / 65_535) * range,
  );
}

/** Peak signal-to-noise ratio in dB; `peak` is the largest value that there can be. */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>, peak: number): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += ((a[n] as number) - (b[n] as number)) ** 2;
  return 10 * Math.log10(peak ** 2 / (sum / a.length));
}

/** Side of what is compared at once, in pixels; it moves by half of that. */
const WINDOW = 8;

/** Structural similarity of two planes (Wang et al. 2004, "Image quality assessment"), on average over windows of 8 × 8. */
export function ssim(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { width, height, peak }: { width: number; height: number; peak: number },
): number {
  const [c1, c2] = [(0.01 * peak) ** 2, (0.03 * peak) ** 2];
  const all: number[] = [];
  for (let y = 0; y + WINDOW <= height; y += WINDOW / 2)
    for (let x = 0; x + WINDOW <= width; x += WINDOW / 2) {
      let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
      for (let n = 0; n < WINDOW ** 2; n++) {
        const at = (y + Math.floor(n / WINDOW)) * width + x + (n % WINDOW);
        const [one, other] = [a[at] as number, b[at] as number];
        sumA += one;
        sumB += other;
        squaresA += one ** 2;
        squaresB += other ** 2;
        products += one * other;
      }
      const count = WINDOW ** 2;
      const [meanA, meanB] = [sumA / count, sumB / count];
      const spread = squaresA / count - meanA ** 2 + squaresB / count - meanB ** 2;
      const shared = products / count - meanA * meanB;
      all.push(((2 * meanA * meanB + c1) * (2 * shared + c2)) / ((meanA ** 2 + meanB ** 2 + c1) * (spread + c2)));
    }
  return all.reduce((sum, each) => sum + each, 0) / all.length;
}

/** How far apart two are at most. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  let most = 0;
  for (let n = 0; n < a.length; n++) most = Math.max(most, Math.abs((a[n] as number) - (b[n] as number)));
  return most;
}
