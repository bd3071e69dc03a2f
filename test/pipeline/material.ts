import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';

/** Three clips of six seconds with a cut or a dissolve in each, small enough that a whole run takes seconds. */
export async function makeHoliday(folder: string): Promise<string> {
  const clips = join(folder, 'holiday');
  await mkdir(clips, { recursive: true });
  await makeClip(clips, {
    name: 'beach.mp4',
    scenes: [
      { frames: 75, seed: 1 },
      { frames: 75, seed: 2 },
    ],
  });
  await makeClip(clips, {
    name: 'harbour at night.mp4',
    scenes: [
      { frames: 100, seed: 3 },
      { frames: 50, seed: 4 },
    ],
    audio: null,
  });
  await makeClip(clips, { name: 'mountain.mov', seed: 5, seconds: 6, width: 180, height: 320 });
  return clips;
}

/** Twelve seconds at 120 beats a minute. */
export function makeTune(folder: string): ReturnType<typeof makeSong> {
  return makeSong(folder, { name: 'tune', tempo: 120, bars: 6 });
}
