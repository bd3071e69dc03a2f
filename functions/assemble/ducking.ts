/** Length of the blocks whose level decides about the music. */
export const DUCKING_BLOCK_SECONDS = 0.02;
/** The music is down by the time a loud sound starts, because it began to step back this much before. */
const LOOK_AHEAD_SECONDS = 0.24;
/** Pauses between words don't bring the music back. */
const HOLD_SECONDS = 0.4;
const RELEASE_SECONDS = 0.8;
/** What lies this far below the clips' own loudness is background, not something to make room for. */
const LOUD_BELOW_LOUDNESS_DB = 9;

/**
 * How far the music steps back, in dB (0 down to −`duckDb`), at the start of each block and at the end of the last one.
 *
 * @param levelsDb RMS level of the clips' sound in each block, dB of full scale.
 * @param loudnessLufs the clips' integrated loudness, against which loud is told from background.
 */
export function duckingDb(levelsDb: readonly number[], loudnessLufs: number, duckDb: number): Float32Array {
  const threshold = loudnessLufs - LOUD_BELOW_LOUDNESS_DB;
  const blocksIn = (seconds: number) => Math.round(seconds / DUCKING_BLOCK_SECONDS);
  // 1 at both ends of each loud block, so that the music is down throughout.
  const depth = new Float32Array(levelsDb.length + 1);
  let held = 0;
  for (let i = 0; i < levelsDb.length; i++) {
    const loud = (levelsDb[i] as number) > threshold;
    if (loud) depth[i] = 1;
    held = loud ? blocksIn(HOLD_SECONDS) : held - 1;
    if (held > 0) depth[i + 1] = 1;
  }
  const rise = 1 / blocksIn(RELEASE_SECONDS);
  for (let i = 1; i < depth.length; i++) depth[i] = Math.max(depth[i] as number, (depth[i - 1] as number) - rise);
  const fall = 1 / blocksIn(LOOK_AHEAD_SECONDS);
  for (let i = depth.length - 2; i >= 0; i--) depth[i] = Math.max(depth[i] as number, (depth[i + 1] as number) - fall);
  return depth.map((d) => -duckDb * d);
}
