import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { secondsAt } from '../../../shared/frame-rate.ts';
import { log } from '../../../shared/log.ts';
import { input } from '../../../shared/media/ffmpeg.ts';
import { sentenceOf } from '../../../shared/refusal.ts';
import { bytesOf, type PictureFormat } from '../picture-format.ts';
import { clockLead, TIME_LIMIT_SECONDS } from './clock.ts';
import { container, hasBoxes } from './container.ts';
import { type Coding, encoderFor, encoding } from './encoding.ts';
import { startFedFfmpeg } from './fed-ffmpeg.ts';
import type { Film } from './film.ts';
import { giveLastPictureTime } from './last-picture.ts';
import { nutFrameHeader, nutHeader } from './nut-writer.ts';

/** ffmpeg's tags of raw pictures. */
const FOURCC = { 8: 'I420', 10: 'Y3\x0b\x0a' } as const;

/** Takes the large pictures of a film and makes a file of them, which appears when it is whole. */
export interface PicturesOut extends AsyncDisposable {
  /** Gives the next picture and its time in ticks of the film's time base; done when its bytes are free again. */
  write(picture: Uint8Array, pts: number): Promise<void>;
  /** Encodes what is left, and puts the file where it belongs. */
  finish(): Promise<void>;
}

interface OutOptions {
  /** Where the file is to be, over what may be there. */
  destination: string;
  /** Of the large pictures. */
  format: PictureFormat;
  coding: Coding;
  signal?: AbortSignal | undefined;
}

/** Starts to write a film anew with larger pictures; its sound, chapters, titles and subtitles are kept. */
export async function picturesOut(film: Film, options: OutOptions): Promise<PicturesOut> {
  const { destination, format, signal } = options;
  // Short, since the result's own name may be as long as names can be.
  const unfinished = join(dirname(destination), `.montage-${randomUUID().slice(0, 8)}.part`);
  const ffmpeg = await startFedFfmpeg([...(await writing(film, options)), `file:${unfinished}`], {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal,
  });
  const { timeBase, frameRate } = film;
  const header = nutHeader({ ...format, fourcc: FOURCC[format.bits], timeBase, frameRate });
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    async write(picture, pts) {
      if (picture.length !== bytesOf(format)) throw new Error(`A large picture has ${picture.length} bytes`);
      const before = nutFrameHeader(pts + clockLead(film).ticks, picture.length);
      await ffmpeg.send(first < Number.POSITIVE_INFINITY ? before : Buffer.concat([header, before]));
      await ffmpeg.send(picture);
      first = Math.min(first, pts);
      last = Math.max(last, pts);
    },
    async finish() {
      await ffmpeg.finish();
      if (hasBoxes(destination)) {
        const frame = Math.round(secondsAt(1, frameRate) * timeBase.den);
        await giveLastPictureTime(unfinished, { all: (last - first) * timeBase.num + frame, last: frame });
      }
      await rename(unfinished, destination);
    },
    async [Symbol.asyncDispose]() {
      await ffmpeg[Symbol.asyncDispose]();
      // Why there is something to be removed matters more than why it can't be.
      await rm(unfinished, { force: true }).catch((error: unknown) =>
        log.warn('an unfinished video could not be removed', { file: unfinished, reason: sentenceOf(error) }),
      );
    },
  };
}

async function writing(film: Film, { destination, format, coding }: OutOptions): Promise<string[]> {
  const encoder = await encoderFor(format);
  return [
    // All on the film's own clock, so that nothing moves against anything else.
    ...['-v', 'error', '-copyts', '-itsoffset', String(-clockLead(film).seconds)],
    // The header says all that there is to know of a picture, and pictures are large: none is looked at before, or
    // queued.
    ...['-probesize', '32', '-analyzeduration', '0', '-thread_queue_size', '1'],
    ...['-protocol_whitelist', 'pipe', '-f', 'nut', '-i', 'pipe:3'],
    ...input(film.source, '-itsoffset', String(-film.zeroSeconds)),
    // Read by itself: to look for the next subtitle, all sound until then would be held.
    ...(film.subtitles.length > 0 ? input(film.source, '-itsoffset', String(-film.zeroSeconds)) : []),
    ...encoding(film, format, coding, encoder),
    ...(await container(film, destination, encoder)),
  ];
}
