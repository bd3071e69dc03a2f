import { z } from 'zod';
import { ffprobe, input } from '../../shared/media/ffmpeg.ts';
import type { PlannedSegment } from '../../shared/planned-segments.ts';
import type { Report } from '../../shared/report.ts';
import type { Timeline } from '../../shared/timeline.ts';

const TIME_LIMIT_SECONDS = 60;
const FoundSchema = z.object({ format: z.object({ tags: z.object({ comment: z.string() }) }) });

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
  signal?: AbortSignal,
): Promise<MadeLarger | null> {
  if (!upscale) return null;
  const chunks = segments.flatMap((segment) => segment.chunks);
  const pieces = new Map<string, number>();
  for (const { hash } of chunks) {
    const device = await deviceOf(fileOf(hash), signal);
    pieces.set(device, (pieces.get(device) ?? 0) + 1);
  }
  return {
    ...{ scale: upscale.scale, model: upscale.model, pieces: chunks.length },
    devices: [...pieces].map(([name, count]) => ({ name, pieces: count })),
    sharpCuts: segments.filter((segment) => segment.chunks.length === 0).length,
  };
}

/** What computed a chunk, as its file says. */
async function deviceOf(path: string, signal?: AbortSignal): Promise<string> {
  const args = ['-v', 'error', '-show_entries', 'format_tags=comment', '-of', 'json', ...input(path)];
  const printed = await ffprobe(args, { timeLimitSeconds: TIME_LIMIT_SECONDS, signal });
  return FoundSchema.parse(JSON.parse(printed)).format.tags.comment;
}

/** The same as a sentence. */
export function madeLargerNote({ scale, model, devices, pieces, sharpCuts }: MadeLarger): string {
  const sharp = `${sharpCuts === 1 ? '1 cut was' : `${sharpCuts} cuts were`} sharp already`;
  if (pieces === 0) return `Nothing was upscaled: ${sharp}.`;
  const on = devices.map((device) => `${device.name}: ${device.pieces === 1 ? '1 piece' : `${device.pieces} pieces`}`);
  return `Upscaled ×${scale} by ${model} on ${on.join(', ')}; ${sharp}.`;
}
