import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_SONG } from './files.ts';
import { perform, type Score } from './performance.ts';
import { wavOf } from './wav.ts';

/** A minor, F, C, G over two octaves: A–C–E, F–A–C, C–E–G, G–B–D. */
const CHORDS = [
  [45, 57, 64, 69, 72],
  [41, 57, 60, 65, 69],
  [48, 55, 60, 64, 67],
  [43, 55, 59, 62, 67],
];

const DEMO_SCORE: Score = {
  tempo: 120,
  meter: 4,
  chords: CHORDS,
  tailSeconds: 2,
  passages: [
    { label: 'intro', bars: 4, pad: 0.35, pluck: 'x..x..x...x..x..', hat: '....o.......o...' },
    {
      label: 'build',
      bars: 4,
      pad: 0.5,
      pluck: 'x..x..x...x..x..',
      kick: 'o...o...o...o...',
      hat: '..x...x...x...x.',
      snare: '................................................x...x...x.x.xxxx',
      riser: true,
    },
    {
      label: 'drop',
      bars: 8,
      pad: 0.9,
      pluck: 'x.xx..x.x.xx..x.',
      kick: 'x...x...x...x...',
      snare: '....x.......x...',
      hat: 'x.o.x.o.x.o.x.ox',
      bass: '..xx..xx..xx..x.',
      crash: true,
    },
    { label: 'outro', bars: 1, pad: 0.4, pluck: 'x..x..x...x.....', crash: true },
  ],
};

/** Writes the demo's song to a folder, the same bytes each time: 36 s at 120 beats a minute, with intro, build, drop and outro. */
export async function makeDemoSong(
  folder: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<string> {
  options.signal?.throwIfAborted();
  await mkdir(folder, { recursive: true });
  const path = join(folder, DEMO_SONG);
  await writeFile(path, wavOf(perform(DEMO_SCORE).sound), { signal: options.signal });
  return path;
}
