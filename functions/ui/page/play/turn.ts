import type { Latency } from './latency.ts';
import { pace } from './pace.ts';
import type { Run } from './schedule.ts';

/** What is learned from all turns together. */
export interface Habits {
  /** From being told to play until the picture moves. */
  readonly start: Latency;
  readonly seek: Latency;
  /** When the first picture of a file is shown on its clock: not all begin at 0. */
  readonly firsts: Map<string, number>;
  /** Files that can't be shown, by address. */
  readonly broken: Map<string, Broken>;
}

interface Broken {
  readonly times: number;
  /** When it may be tried again, on the machine's clock. */
  readonly until: number;
}

/** Seconds before its turn comes that a file begins to play unseen, so that it runs and is in its place by then. */
export const RUN_UP_SECONDS = 0.3;
const NEAR_SECONDS = 0.002;
/** A file at rest that should have been farther on by more than this is late: it is sought where the montage will be by then. */
const LATE_SECONDS = 0.15;
const EARLY_SECONDS = RUN_UP_SECONDS + 0.2;
const FIRST_PICTURE_MS = 150;
const TRY_AGAIN_MS = 5000;
const TRIES = 3;
/** A file holds its last picture when it is over. */
const BEFORE_END_SECONDS = 0.01;

/** One of the elements that take turns in showing a montage: it shows a run now, or is being made ready for one. */
export class Turn {
  readonly video = document.createElement('video');
  run: Run | null = null;
  /** When it was last wanted, on the machine's clock. */
  usedAt = Number.NEGATIVE_INFINITY;
  readonly #habits: Habits;
  #address = '';
  #wanted: number | null = null;
  #canSeek = false;
  #soughtAt = 0;
  #started: { at: number; from: number } | null = null;

  constructor(habits: Habits) {
    this.#habits = habits;
    const { video } = this;
    video.muted = true;
    video.playsInline = true;
    video.preload = 'auto';
    video.disableRemotePlayback = true;
    video.tabIndex = -1;
    video.setAttribute('aria-hidden', 'true');
    video.addEventListener('loadedmetadata', () => this.#meet());
    video.addEventListener('seeked', () => this.#arrive());
    video.addEventListener('error', () => this.#fail());
  }

  get address(): string {
    return this.#address;
  }

  /** Whether the picture that it has is the one that was asked for. */
  get isReady(): boolean {
    const { video } = this;
    return this.#canSeek && !video.seeking && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  /** Whether its picture changes, or is looked at for the first time. */
  get isAwake(): boolean {
    return this.#address !== '' && (!this.video.paused || !this.#canSeek);
  }

  /** Where its picture is, in seconds from the file's first one. */
  get seconds(): number {
    return this.video.currentTime - this.#first;
  }

  get #first(): number {
    return this.#habits.firsts.get(this.#address) ?? 0;
  }

  take(run: Run): void {
    this.run = run;
    if (run.address === this.#address) return;
    this.#address = run.address;
    this.#reload();
  }

  /** Stops at a place, give or take `within` seconds. */
  hold(seconds: number, within = NEAR_SECONDS): void {
    this.#pause();
    this.#wanted = seconds;
    if (this.#canSeek && !this.video.seeking && Math.abs(seconds - this.seconds) > within) this.#seek(seconds);
  }

  /**
   * Plays so that it is at `seconds` now, at `speed`: begins when its place comes, then hurries or dawdles. Once it is at `last`,
   * where its last picture begins, it stays there: what comes after that in the file may be another shot.
   */
  follow(seconds: number, speed: number, last: number): void {
    const { video } = this;
    this.#wanted = null;
    if (!this.#canSeek || video.seeking) return;
    this.#learnStart();
    if (this.seconds >= last && seconds >= last - LATE_SECONDS * speed) {
      this.#pause();
      return;
    }
    // Over: it holds its last picture, as the rendered one does.
    if (seconds + this.#first > video.duration - BEFORE_END_SECONDS && (video.ended || video.paused)) return;
    const behind = seconds - this.seconds;
    if (video.paused) {
      if (behind > LATE_SECONDS * speed) this.#seek(seconds + this.#habits.seek.seconds * speed);
      else if (behind < -EARLY_SECONDS * speed) this.#seek(seconds);
      else if (behind + this.#habits.start.seconds * speed >= 0) this.#play(speed);
      return;
    }
    const next = pace(behind, speed, video.playbackRate);
    if (next === null) {
      this.#pause();
      this.#seek(seconds + this.#habits.seek.seconds * speed);
    } else if (Math.abs(video.playbackRate - next) > 1e-6) video.playbackRate = next;
  }

  rest(): void {
    this.#pause();
  }

  stop(): void {
    this.#address = '';
    this.run = null;
    this.video.removeAttribute('src');
    this.video.load();
  }

  #reload(): void {
    this.#canSeek = false;
    this.#started = null;
    this.video.src = this.#address;
  }

  /** A file that is met for the first time shows its first picture, to be asked when that is. */
  #meet(): void {
    const { video } = this;
    const address = this.#address;
    if (video.videoWidth === 0) {
      this.#fail();
      return;
    }
    const begin = () => {
      if (this.#address !== address || this.#canSeek) return;
      this.#canSeek = true;
      if (this.#wanted !== null) this.#seek(this.#wanted);
    };
    if (this.#habits.firsts.has(address) || this.run?.isRendered || !('requestVideoFrameCallback' in video)) {
      begin();
      return;
    }
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (this.#address === address && !this.#canSeek) this.#habits.firsts.set(address, mediaTime);
      begin();
    });
    setTimeout(begin, FIRST_PICTURE_MS);
  }

  #seek(seconds: number): void {
    const { video } = this;
    const to = Math.max(0, Math.min(seconds + this.#first, video.duration - BEFORE_END_SECONDS));
    if (Math.abs(video.currentTime - to) < NEAR_SECONDS) return;
    this.#soughtAt = performance.now();
    video.currentTime = to;
  }

  #arrive(): void {
    this.#habits.seek.learn((performance.now() - this.#soughtAt) / 1000);
    this.#habits.broken.delete(this.#address);
    if (this.#wanted !== null) this.#seek(this.#wanted);
  }

  #play(speed: number): void {
    const { video } = this;
    video.playbackRate = speed;
    this.#started = { at: performance.now(), from: video.currentTime };
    // Told to pause, or to be another file, before it could.
    void video.play().catch(() => {});
  }

  #learnStart(): void {
    const { video } = this;
    if (!this.#started || video.paused || video.currentTime <= this.#started.from) return;
    const moved = (video.currentTime - this.#started.from) / video.playbackRate;
    this.#habits.start.learn((performance.now() - this.#started.at) / 1000 - moved);
    this.#started = null;
  }

  #pause(): void {
    this.#started = null;
    if (!this.video.paused) this.video.pause();
  }

  #fail(): void {
    // An element without a file says so by an error too.
    if (this.#address === '') return;
    const { broken } = this.#habits;
    const times = (broken.get(this.#address)?.times ?? 0) + 1;
    // The address that it came from is good for an hour; the one that leads there gives another at once.
    const isCutOff = this.video.error?.code === MediaError.MEDIA_ERR_NETWORK && times === 1;
    const wait = isCutOff ? 0 : times < TRIES ? TRY_AGAIN_MS : Number.POSITIVE_INFINITY;
    broken.set(this.#address, { times, until: performance.now() + wait });
    this.stop();
  }
}
