import type { Style } from '../../shared/style.ts';
import { DUCKING_BLOCK_SECONDS } from './ducking.ts';
import { CHANNELS, SAMPLE_RATE, type Sound } from './pcm.ts';

/** Loudness of the clips against the music before it is ducked: well under it, or clearly above. */
const CLIPS_AGAINST_MUSIC_LU = { ambient: -14, dialogue: 6 } as const;
/** A nearly silent clip is not made into loud noise. */
const MOST_CLIPS_GAIN_DB = 24;

/** By how much music and clips are raised before they are added. */
export interface Balance {
  musicDb: number;
  clipsDb: number;
}

/** The balance that a style asks for, from the integrated loudness of both (−Infinity for silence). */
export function balance(
  { musicGainDb }: Pick<Style['sound'], 'musicGainDb'>,
  sourceAudio: 'ambient' | 'dialogue',
  musicLufs: number,
  clipsLufs: number,
): Balance {
  const wanted = musicLufs + CLIPS_AGAINST_MUSIC_LU[sourceAudio] - clipsLufs;
  return { musicDb: musicGainDb, clipsDb: Number.isFinite(wanted) ? Math.min(MOST_CLIPS_GAIN_DB, wanted) : 0 };
}

/** The level of each `DUCKING_BLOCK_SECONDS` of a sound as RMS in dB of full scale; −Infinity for silence. */
export class LevelMeter {
  static readonly BLOCK_SAMPLES = SAMPLE_RATE * DUCKING_BLOCK_SECONDS * CHANNELS;
  readonly levelsDb: number[] = [];
  #energy = 0;
  #samples = 0;

  push(block: Float32Array): void {
    for (const sample of block) {
      this.#energy += sample * sample;
      if (++this.#samples < LevelMeter.BLOCK_SAMPLES) continue;
      this.levelsDb.push(10 * Math.log10(this.#energy / LevelMeter.BLOCK_SAMPLES));
      this.#energy = 0;
      this.#samples = 0;
    }
  }
}

/** Adds music and clips, which come in blocks of the same size, the music ducked by `duckingDb` (see ducking.ts). */
export async function* mixed(
  music: Sound,
  clips: Sound,
  { musicDb, clipsDb }: Balance,
  duckingDb: Float32Array,
): AsyncGenerator<Float32Array> {
  const clipsGain = gain(clipsDb);
  const others = clips[Symbol.asyncIterator]();
  let frame = 0;
  for await (const block of music) {
    const other = (await others.next()).value as Float32Array;
    const sum = new Float32Array(block.length);
    for (let i = 0; i < block.length; i += CHANNELS, frame++) {
      const musicGain = gain(musicDb + between(duckingDb, frame / (SAMPLE_RATE * DUCKING_BLOCK_SECONDS)));
      for (let j = i; j < i + CHANNELS; j++) {
        sum[j] = musicGain * (block[j] as number) + clipsGain * (other[j] as number);
      }
    }
    yield sum;
  }
}

function gain(decibels: number): number {
  return 10 ** (decibels / 20);
}

/** Value at a place between two points of a curve, on the straight line between them; beyond its end the last one. */
function between(curve: Float32Array, place: number): number {
  const left = Math.min(Math.floor(place), curve.length - 1);
  const right = Math.min(left + 1, curve.length - 1);
  const a = curve[left] as number;
  return a + (place - left) * ((curve[right] as number) - a);
}
