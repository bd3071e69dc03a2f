import { computed, effect, signal } from '@preact/signals';
import { nearestFrame, secondsAt } from '../../../../shared/frame-rate.ts';
import { cutAt, rowOf } from '../change/cut-row.ts';
import { jobShown } from '../make/address.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import type { Screen } from './screen.ts';

/** What plays the montage, while there is something. */
export const screen = signal<Screen | null>(null);
/** Where it is, in seconds. */
export const playhead = signal(0);

// Another montage starts at its beginning.
effect(() => {
  if (jobShown.value !== undefined) playhead.value = 0;
});

/** The cuts of the montage that is shown; none until it is planned. */
export const row = computed(() => (timelineShown.value ? rowOf(timelineShown.value) : []));

const rate = computed(() => timelineShown.value?.frameRate ?? '25/1');

/** The frame that is seen. */
const frame = computed(() => {
  const nearest = nearestFrame(playhead.value, rate.value);
  return secondsAt(nearest, rate.value) > playhead.value + 1e-4 ? nearest - 1 : nearest;
});

/** The number of the cut that is seen. */
export const cutLit = computed(() => cutAt(row.value, frame.value));

/** Goes to a frame: to its middle, so that rounding shows no neighbour. */
export function goToFrame(wanted: number): void {
  const last = (timelineShown.value?.frames ?? Number.POSITIVE_INFINITY) - 1;
  goTo(secondsAt(Math.max(0, Math.min(last, wanted)) + 0.5, rate.value));
}

/** Goes to a moment in seconds. */
export function goTo(seconds: number): void {
  screen.value?.goTo(seconds);
  playhead.value = seconds;
}

/** Goes some frames on, or back. */
export const step = (frames: number) => goToFrame(frame.value + frames);

/** Goes to the start of another cut. */
export const goToCut = (number: number) => {
  const cut = row.value[Math.max(0, Math.min(row.value.length - 1, number))];
  if (cut) goToFrame(cut.frame);
};
