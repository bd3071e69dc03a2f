import { buffer } from 'node:stream/consumers';
import { input, startFfmpeg } from '../../../../shared/media/ffmpeg.ts';

/** All pictures of a file, upright, as samples of whatever kind it has, one after the other. */
export async function decoded(path: string, ...filters: string[]): Promise<Buffer> {
  const running = await startFfmpeg(
    [
      ...['-v', 'error', ...input(path), '-map', '0:V:0', ...(filters.length > 0 ? ['-vf', filters.join(',')] : [])],
      ...['-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
    ],
    { timeLimitSeconds: 120 },
  );
  const [bytes] = await Promise.all([buffer(running.stdout), running.ended]);
  return bytes;
}

/** How far two of the same kind are apart: at most, and on average, in levels. */
export function apart(
  a: Uint8Array | Uint16Array,
  b: Uint8Array | Uint16Array,
): { length: number; most: number; mean: number } {
  let [most, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const off = Math.abs((a[i] as number) - (b[i] as number));
    most = Math.max(most, off);
    sum += off;
  }
  return { length: a.length - b.length, most, mean: sum / a.length };
}
