import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Passage, type Performance, perform, type Score } from '../../shared/demo/performance.ts';
import { wavOf } from '../../shared/demo/wav.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';

export interface SongOrder {
  /** File name without its extension. */
  name: string;
  tempo: number;
  /** Bars of the one passage when `sections` is left out; 8 by default. */
  bars?: number;
  /** The whole arrangement; else drums, bass and chords from the first beat to the last. */
  sections?: readonly Passage[];
  meter?: 3 | 4;
  format?: 'wav' | 'mp3' | 'm4a' | 'ogg' | 'flac';
  drift?: number;
  swing?: number;
  silenceSeconds?: number;
  pickupBeats?: number;
}

type SongTruth = Pick<Performance, 'beats' | 'downbeats' | 'sections'>;

const CHORDS = [
  [45, 57, 60, 64],
  [41, 57, 60, 65],
  [48, 55, 60, 64],
  [43, 55, 59, 62],
];

/** What a band plays when nothing else is asked for. */
export const FULL_BAND: Readonly<Record<3 | 4, Omit<Passage, 'label' | 'bars'>>> = {
  4: {
    kick: 'x.......x.x.....',
    snare: '....x.......x...',
    hat: 'x.x.x.x.x.x.x.x.',
    bass: 'x.....x.x...x...',
    pad: 0.5,
  },
  3: { kick: 'x...........', snare: '....x...x...', hat: 'x.x.x.x.x.x.', bass: 'x...........', pad: 0.5 },
};

/** Plays a song and writes it to `folder`; gives back the file and when its beats, downbeats and sections truly are. */
export async function makeSong(folder: string, order: SongOrder): Promise<{ path: string; truth: SongTruth }> {
  const { name, bars = 8, meter = 4, format = 'wav', sections, tempo, ...rest } = order;
  const passages = sections ?? [{ label: 'verse', bars, ...FULL_BAND[meter] }];
  const score: Score = { tempo, meter, passages, chords: CHORDS, ...rest };
  const { sound, ...truth } = perform(score);
  const wav = join(folder, `${name}.wav`);
  await writeFile(wav, wavOf(sound));
  if (format === 'wav') return { path: wav, truth };
  const path = join(folder, `${name}.${format}`);
  const codec = { mp3: 'libmp3lame', m4a: 'aac', ogg: 'libvorbis', flac: 'flac' }[format];
  await ffmpeg([...input(wav), '-c:a', codec, ...(format === 'flac' ? [] : ['-b:a', '160k']), path], {
    timeLimitSeconds: 60,
  });
  await rm(wav);
  return { path, truth };
}
