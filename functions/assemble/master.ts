import { limited } from './limiter.ts';
import { readSound } from './pcm.ts';
import { type Recorded, record } from './sound.ts';

/** How near to the wanted loudness is near enough, in LU: well inside what a person or a checker notices. */
const TOLERANCE_LU = 0.05;
const MOST_PASSES = 8;
/** Beyond this only noise would be raised. */
const MOST_GAIN_DB = 60;

/**
 * Writes `mix` to `path` at `targetLufs` with its true peaks limited to `ceilingDb`. Limiting takes loudness away, so a
 * peaky mix is raised further until what is left reaches the target; one that can't get there gets as near as it can.
 */
export async function master(mix: Recorded, path: string, targetLufs: number, ceilingDb: number): Promise<Recorded> {
  const ceiling = 10 ** (ceilingDb / 20);
  let gainDb = Number.isFinite(mix.lufs) ? targetLufs - mix.lufs : 0;
  let before: { gainDb: number; lufs: number } | undefined;
  for (let pass = 1; ; pass++) {
    const mastered = await record(path, limited(readSound(mix.path), 10 ** (gainDb / 20), ceiling));
    const missing = targetLufs - mastered.lufs;
    if (!Number.isFinite(missing) || Math.abs(missing) <= TOLERANCE_LU || pass === MOST_PASSES) return mastered;
    // What a decibel of gain brought last time tells how many are needed.
    const slope = before ? (mastered.lufs - before.lufs) / (gainDb - before.gainDb) : 1;
    before = { gainDb, lufs: mastered.lufs };
    gainDb = Math.min(MOST_GAIN_DB, gainDb + missing / Math.min(1, Math.max(0.1, slope)));
    if (gainDb === before.gainDb) return mastered;
  }
}
