import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { ModelName, Scale } from '../../shared/super-resolution.ts';
import { loadPasses, openInPasses } from '../upscale/passes.ts';
import { ENDINGS } from '../upscale/video/container.ts';
import { sameFile } from '../upscale/video/destination.ts';
import { type UpscaleProgress, upscaleVideo } from '../upscale/video/upscale-video.ts';
import { interrupted, WrongUse } from './exit.ts';
import { LiveLine } from './live-line.ts';
import { writablePlace } from './output-place.ts';
import { spoken } from './progress.ts';
import type { PlainOptions } from './session.ts';
import { chosen, devicesHere } from './upscaling.ts';

interface UpscaleCommand extends PlainOptions {
  output?: string;
  scale: Scale;
  model: ModelName;
  device?: string;
}

/** Writes a video anew, larger; says what of it can't stay, on what it computes, how far it is and how long it takes. */
export async function upscale(named: string, options: UpscaleCommand): Promise<void> {
  const source = resolve(named);
  const there = await stat(source).catch(() => null);
  if (!there) throw new WrongUse(`There is no file ${named}`);
  if (!there.isFile()) throw new WrongUse(`${named} is no video file: name one video at a time`);
  const output = options.output ?? placeBeside(named, options.scale);
  const destination = await writablePlace(output, ENDINGS);
  if (await sameFile(source, destination))
    throw new WrongUse(`${output} is the video itself: give the larger one another name`);
  using line = new LiveLine(process.stderr, Boolean(options.quiet || options.json));
  let begun = 0;
  const made = await upscaleVideo({
    source,
    destination,
    scale: options.scale,
    file: basename(named),
    // What can't be made is refused before anything is made ready.
    open: async (format) => {
      const device = chosen(await devicesHere(), options.device);
      line.show(`Making it ready for ${device.name}`);
      const upscaler = await openInPasses(device, await loadPasses(options.model, options.scale), format);
      begun = performance.now();
      return upscaler;
    },
    signal: interrupted,
    onLeftOut: (what) => line.note(`${output} won't have ${what.join(', nor ')}`),
    onProgress: (progress) => line.show(progressLine(progress, (performance.now() - begun) / 1000)),
  });
  const seconds = (performance.now() - begun) / 1000;
  const { frames, repeated, from, to, device, leftOut } = made;
  line[Symbol.dispose]();
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ output: destination, frames, repeated, from, to, device, leftOut, seconds })}\n`,
    );
  else
    process.stdout.write(
      `${output}: ${from.width}×${from.height} to ${to.width}×${to.height}, ${counted(frames)}${repeated > 0 ? ` (${repeated} the same as the one before)` : ''} in ${spoken(seconds)} on ${device.name}\n`,
    );
}

const counted = (frames: number) => (frames === 1 ? '1 frame' : `${frames} frames`);

/** When the first frames say little yet of how long it takes. */
const SOON_SECONDS = 5;

/** How far it is, and how long it takes as far as that can be told. */
export function progressLine({ frames, seconds, durationSeconds }: UpscaleProgress, passed: number): string {
  const share = durationSeconds > 0 ? Math.min(1, seconds / durationSeconds) : 0;
  if (share === 0 || (share < 0.01 && passed < SOON_SECONDS)) return counted(frames);
  const rate = frames / passed;
  const speed = rate >= 1 ? `${rate.toFixed(1)} frames a second` : `${(1 / rate).toFixed(1)} s a frame`;
  return `${Math.floor(share * 100)} %, about ${spoken((passed * (1 - share)) / share)} left at ${speed}`;
}

/** Where it goes when nobody names a place: beside the source, `beach-x2.mp4`. */
const placeBeside = (named: string, scale: Scale): string =>
  `${named.slice(0, named.length - extname(named).length)}-x${scale}.mp4`;
