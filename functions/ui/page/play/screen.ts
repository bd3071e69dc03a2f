import type { ReadonlySignal } from '@preact/signals';

/** What plays the montage: its finished file, or the clips and the song, cut by the browser. */
export interface Screen {
  readonly isPlaying: ReadonlySignal<boolean>;
  /** Where it is. */
  readonly seconds: number;
  /** Whether it is on its way to a picture that was asked for. */
  readonly isSeeking: boolean;
  /** Whether it would play at once. */
  readonly isReady: boolean;
  play(times: number): void;
  pause(): void;
  goTo(seconds: number): void;
  mute(isMuted: boolean): void;
}
