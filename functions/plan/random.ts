/** Gives numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/**
 * A stream of numbers that the seed and the stream's name fix for good: mulberry32 (Tommy Ettinger, public domain) started
 * from an FNV-1a hash of both. Each decision has a stream of its own, so that asking one more question here changes nothing there.
 */
export function randomStream(seed: number, name: string): Random {
  let state = 0x811c9dc5;
  for (const character of `${seed}/${name}`) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
