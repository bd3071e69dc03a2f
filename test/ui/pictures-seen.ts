import type { Page } from 'playwright-core';
import type { Schedule } from '../../functions/ui/page/play/schedule.ts';
import { framesPerSecond } from '../../shared/frame-rate.ts';
import type { Timeline } from '../../shared/timeline.ts';

/** A picture of a file that a person saw in the cut that a browser made. */
export interface PictureSeen {
  /** Where the song was when it was seen. */
  readonly songSeconds: number;
  /** Name of the file, and where the picture begins in it. */
  readonly file: string;
  readonly fileSeconds: number;
}

interface Watching {
  picturesSeen: PictureSeen[];
}

/** Notes every picture that the page shows from now on, and when: both as the browser itself says (`requestVideoFrameCallback`). */
export const watchPictures = (page: Page) =>
  page.evaluate(() => {
    const seen: PictureSeen[] = [];
    (globalThis as unknown as Watching).picturesSeen = seen;
    const watched = new WeakSet<HTMLVideoElement>();
    const watch = (video: HTMLVideoElement) => {
      watched.add(video);
      const look: VideoFrameRequestCallback = (_, { mediaTime, expectedDisplayTime }) => {
        const audio = document.querySelector('audio');
        const untilSeen = audio && !audio.paused ? (expectedDisplayTime - performance.now()) / 1000 : 0;
        const songSeconds = (audio?.currentTime ?? 0) + untilSeen;
        const file = new URL(video.currentSrc).pathname.split('/').at(-1) ?? '';
        // What the page does in this refresh decides whether it is seen. What is hardly there is being made ready.
        setTimeout(() => {
          if (Number(video.style.opacity) > 0.02) seen.push({ songSeconds, file, fileSeconds: mediaTime });
        });
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
    };
    const find = () => {
      for (const video of document.querySelectorAll<HTMLVideoElement>('.cut-here-pictures video'))
        if (!watched.has(video)) watch(video);
      requestAnimationFrame(find);
    };
    find();
  });

/** Those that were noted so far. */
export const picturesSeen = (page: Page): Promise<PictureSeen[]> =>
  page.evaluate(() => (globalThis as unknown as Watching).picturesSeen);

/**
 * How many frames of the montage a picture is too early or too late for its moment of the song: 0 where it is the very one that
 * belongs there. Null where nothing near shows that file.
 */
export function framesOff(seen: PictureSeen, schedule: Schedule, { sources, music }: Timeline): number | null {
  const { frameRate, runs } = schedule;
  const fps = framesPerSecond(frameRate);
  const position = seen.songSeconds * fps - music.sourceFrame;
  const offs = runs.flatMap((run) => {
    if (!run.address.endsWith(`/${seen.file}`)) return [];
    const clipRate = sources.find(({ file }) => file === run.name)?.frameRate ?? '';
    const stretch = run.stretches.findLast(({ frame }) => frame <= position) ?? run.stretches[0];
    if (!stretch) return [];
    const frames = stretch.frames / stretch.sourceFrames;
    const begins = stretch.frame + (seen.fileSeconds * fps - stretch.sourceFrame) * frames;
    const ends = begins + (fps / framesPerSecond(run.isRendered ? frameRate : clipRate)) * frames;
    return [Math.max(outside(position, begins, ends), outside(position, run.from, run.to))];
  });
  return offs.length > 0 ? Math.min(...offs) : null;
}

const outside = (position: number, from: number, to: number) => Math.max(0, from - position, position - to);
