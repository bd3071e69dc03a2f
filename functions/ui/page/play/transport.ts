import { computed, effect, signal } from '@preact/signals';
import { jobShown } from '../make/address.ts';
import { goTo, playhead, screen, step } from './playing.ts';

const FASTEST = 4;

/** How fast it plays or would play; below 0 backwards. */
export const speed = signal(1);
/** Whether its sound is off. */
export const isMuted = signal(false);
/** Whether it goes on by itself, forwards or backwards. */
export const isGoing = computed(() => speed.value < 0 || (screen.value?.isPlaying.value ?? false));

effect(() => screen.value?.mute(isMuted.value));
// Another montage is played as fast as it is.
effect(() => {
  if (jobShown.value !== undefined) speed.value = 1;
});

/** Plays on, so many times as fast. */
export function play(times = 1): void {
  speed.value = times;
  screen.value?.play(times);
}

/** Stands still. */
export function pause(): void {
  if (speed.value < 0) speed.value = 1;
  screen.value?.pause();
}

/** Plays or stands still. */
export const toggle = () => (isGoing.value ? pause() : play());

/** Plays backwards, faster each time. */
export function backwards(): void {
  screen.value?.pause();
  speed.value = speed.value < 0 ? Math.max(-FASTEST, speed.value * 2) : -1;
}

/** Plays, faster each time. */
export function forwards(): void {
  play(isGoing.value && speed.value > 0 ? Math.min(FASTEST, speed.value * 2) : 1);
}

/** Stands still some frames on, or back. */
export function stepBy(frames: number): void {
  pause();
  step(frames);
}

/** Has the playhead follow what plays, and goes backwards, until what it gives is called. */
export function keepGoing(): () => void {
  let next = 0;
  let before = performance.now();
  let played: typeof screen.value = null;
  const follow = (now: number) => {
    const { value } = screen;
    // No browser plays backwards, so it is shown going back.
    if (value && speed.value < 0) {
      if (!value.isSeeking) {
        const at = playhead.value + ((now - before) / 1000) * speed.value;
        goTo(Math.max(0, at));
        if (at <= 0) pause();
        before = now;
      }
    } else {
      before = now;
      const playing = value?.isPlaying.value ? value : null;
      // Once more when it has ended: that is further on than what was seen last.
      if (value && (playing || played === value)) playhead.value = value.seconds;
      played = playing;
    }
    next = requestAnimationFrame(follow);
  };
  next = requestAnimationFrame(follow);
  return () => cancelAnimationFrame(next);
}
