import type { Screen } from './screen.ts';

/** How far ahead a screen is made ready for one that plays; longer each time it was too late. */
const AHEAD_SECONDS = 0.5;
const MOST_AHEAD_SECONDS = 8;
const HALF_A_PICTURE_SECONDS = 0.01;

/**
 * Makes `to` ready for where `from` is, and has it go on from there at the same moment, playing if that plays; `turn` is told in
 * that moment. Waits by `nextFrame`, and ends when that is refused.
 */
export async function handOver(
  from: Screen,
  to: Screen,
  speed: () => number,
  nextFrame: () => Promise<void>,
  turn: () => void,
): Promise<void> {
  for (let ahead = AHEAD_SECONDS; ; ahead = Math.min(MOST_AHEAD_SECONDS, ahead * 2)) {
    const wasPlaying = from.isPlaying.value;
    const start = from.seconds;
    const moment = wasPlaying ? start + ahead * speed() : start;
    to.goTo(moment);
    do await nextFrame();
    while (!to.isReady);
    // A person may have gone elsewhere meanwhile, or have stopped it.
    const isAsBefore = () => from.isPlaying.value === wasPlaying && from.seconds >= start && from.seconds <= moment;
    while (wasPlaying && isAsBefore() && from.seconds < moment - HALF_A_PICTURE_SECONDS * speed()) await nextFrame();
    if (!isAsBefore()) continue;
    if (wasPlaying) to.play(speed());
    turn();
    from.pause();
    return;
  }
}
