import { basename } from 'node:path';
import { enlarged, type PictureFormat } from '../picture-format.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { DeviceNamed, Upscaler } from '../upscaler.ts';
import { refuseContainer } from './container.ts';
import { refuseDestination } from './destination.ts';
import { type Coding, evenSized, refuseTooLarge } from './encoding.ts';
import { lookAtFilm } from './film.ts';
import { largerInTurn } from './larger-in-turn.ts';
import { leftOut } from './left-out.ts';
import { picturesOf } from './pictures-in.ts';
import { type PicturesOut, picturesOut } from './pictures-out.ts';

/** What is left of x264's and x265's losses at these isn't seen, however large the screen. */
const CODING: Coding = { crf: 17, preset: 'medium' };

export interface UpscaleProgress {
  /** Large pictures that are handed to the encoder. */
  frames: number;
  /** Of those, pictures that were the same as the one before. */
  repeated: number;
  /** How far into the film they are, in seconds, and how long it is as far as its file says; 0 when it doesn't. */
  seconds: number;
  durationSeconds: number;
}

export interface UpscaleOptions {
  /** A path. */
  source: string;
  /** A path, ending in .mp4, .mov or .mkv; what is there is written over once the result is whole. */
  destination: string;
  /** How many times as wide and as high. */
  scale: number;
  /** Makes ready what computes, for pictures of the film's format. */
  open: (format: PictureFormat) => Promise<Upscaler>;
  /** What sentences call the source; its file's name by itself. */
  file?: string;
  coding?: Coding;
  signal?: AbortSignal | undefined;
  /** Told before anything is made ready what the source has that the result won't, as phrases; not where there is nothing. */
  onLeftOut?: ((what: readonly string[]) => void) | undefined;
  onProgress?: ((progress: UpscaleProgress) => void) | undefined;
}

export interface Upscaled {
  frames: number;
  repeated: number;
  from: PictureFormat;
  /** As the file has them: in even sizes. */
  to: PictureFormat;
  /** What computed it. */
  device: DeviceNamed;
  /** What the source has that the result doesn't, as phrases. */
  leftOut: readonly string[];
}

/**
 * Writes a video anew with every picture made larger; when each is shown, the sound, and what the file says of itself
 * stay as they are, as far as its container holds them. No more pictures are held at once than the upscaler has under way. The result appears whole or not
 * at all, and nothing is left running or lying about.
 *
 * @throws {Refusal} when the source can't be worked with, or would become too large; the signal's reason when it is
 * aborted.
 */
export async function upscaleVideo(options: UpscaleOptions): Promise<Upscaled> {
  const { source, destination, scale, open, signal, onProgress, coding = CODING, file = basename(source) } = options;
  await refuseDestination(source, destination);
  const film = await lookAtFilm(source, { file, signal });
  const large = enlarged(film.format, scale);
  const to = evenSized(large);
  refuseTooLarge(to, file);
  await refuseContainer(film, destination, signal);
  const missing = leftOut(film, destination);
  if (missing.length > 0) options.onLeftOut?.(missing);
  await using upscaler = await unlessAborted(signal, open(film.format), (late) => late[Symbol.asyncDispose]());
  if (upscaler.to.width !== large.width || upscaler.to.height !== large.height)
    throw new Error(`The upscaler makes pictures of ${upscaler.to.width}×${upscaler.to.height}`);
  await using writing = new AsyncDisposableStack();
  let out: PicturesOut | undefined;
  let [frames, repeated] = [0, 0];
  const larger = largerInTurn({
    pictures: picturesOf(film, signal),
    atOnce: upscaler.atOnce,
    upscale: (picture) => upscaler.upscale(picture, signal),
  });
  for await (const { of, large: picture, ...so } of larger) {
    out ??= writing.use(await picturesOut(film, { destination, format: large, coding, signal }));
    await out.write(picture, of.pts);
    frames++;
    repeated = so.repeated;
    const seconds = (of.pts * film.timeBase.num) / film.timeBase.den - film.startSeconds;
    onProgress?.({ frames, repeated, seconds, durationSeconds: film.durationSeconds });
  }
  await out?.finish();
  return { frames, repeated, from: film.format, to, device: upscaler.device, leftOut: missing };
}
