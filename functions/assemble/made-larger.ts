import type { PlannedSegment } from '../../shared/planned-segments.ts';
import type { Report } from '../../shared/report.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { commentOf } from './boxes.ts';

type MadeLarger = NonNullable<Report['upscaling']>;

/**
 * How a montage's pictures became larger, from what their chunks' files say; null where none was to.
 *
 * @param fileOf the path of a file of the cache, by its hash.
 */
export async function madeLarger(
  { upscale }: Pick<Timeline, 'upscale'>,
  segments: readonly PlannedSegment[],
  fileOf: (hash: string) => string,
): Promise<MadeLarger | null> {
  if (!upscale) return null;
  const chunks = segments.flatMap((segment) => segment.chunks);
  const pieces = new Map<string, number>();
  for (const { hash } of chunks) {
    const device = (await commentOf(fileOf(hash))) ?? 'a device that is not known';
    pieces.set(device, (pieces.get(device) ?? 0) + 1);
  }
  return {
    scales: [...new Set(chunks.map(({ spec }) => spec.upscale.scale))].sort((a, b) => b - a),
    ...{ model: upscale.model, pieces: chunks.length },
    devices: [...pieces].map(([name, count]) => ({ name, pieces: count })),
    sharpCuts: segments.filter((segment) => segment.chunks.length === 0).length,
  };
}

/** The same as a sentence. */
export function madeLargerNote({ scales, model, devices, pieces, sharpCuts }: MadeLarger): string {
  const sharp = `${sharpCuts === 1 ? '1 cut was' : `${sharpCuts} cuts were`} sharp enough already`;
  if (pieces === 0) return `Nothing was upscaled: ${sharp}.`;
  const others = sharpCuts > 0 ? `; ${sharp}` : '';
  const on = devices.map((device) => `${device.name}: ${device.pieces === 1 ? '1 piece' : `${device.pieces} pieces`}`);
  return `Upscaled ${scales.map((scale) => `×${scale}`).join(' and ')} by ${model} on ${on.join(', ')}${others}.`;
}
