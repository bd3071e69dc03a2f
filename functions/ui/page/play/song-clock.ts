import { signal } from '@preact/signals';
import { songGain } from './song-gain.ts';

/** The song of a montage, and the part of it that is heard. */
export interface SongPart {
  readonly address: string;
  /** Where in the song the montage starts. */
  readonly startSeconds: number;
  /** Of the montage. */
  readonly seconds: number;
  readonly fadeOutSeconds: number;
}

const RELOAD_MS = 10_000;
const SETTLED_MS = 200;

/**
 * The clock that a montage is played by: that of its song. Where the song can't be played, hasn't begun to be or is over, it is
 * the machine's own.
 */
export class SongClock {
  readonly audio = document.createElement('audio');
  /** Whether the song can't be decoded here. */
  readonly isMute = signal(false);
  #part: SongPart | null = null;
  #speed = 1;
  #isRunning = false;
  /** Where the montage was at a moment of the machine's clock, for as long as the song doesn't lead. */
  #mark = { seconds: 0, at: 0 };
  /** Whether the song is where the clock is; while a person scrubs it isn't sought each time. */
  #isCued = false;
  #reloadedAt = Number.NEGATIVE_INFINITY;

  constructor() {
    this.audio.preload = 'auto';
    this.audio.addEventListener('error', () => this.#loseSong());
    this.audio.addEventListener('ended', () => this.#setMark(this.audio.currentTime - this.#start));
  }

  get #start(): number {
    return this.#part?.startSeconds ?? 0;
  }

  get #canLead(): boolean {
    const { audio } = this;
    return !this.isMute.value && audio.readyState > HTMLMediaElement.HAVE_NOTHING && !audio.ended;
  }

  /** Seconds of the montage. */
  get seconds(): number {
    if (!this.#isRunning) return this.#mark.seconds;
    if (this.#canLead && !this.audio.paused) return this.audio.currentTime - this.#start;
    return this.#mark.seconds + ((performance.now() - this.#mark.at) / 1000) * this.#speed;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether it would run at once. */
  get isReady(): boolean {
    const { audio } = this;
    if (this.isMute.value) return true;
    return this.#isCued && !audio.seeking && (audio.ended || audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA);
  }

  /** Plays this part of a song from now on, without losing the place. */
  take(part: SongPart): void {
    const before = this.#part;
    const at = this.seconds;
    this.#part = part;
    if (before?.address !== part.address) {
      this.isMute.value = false;
      this.audio.src = part.address;
    } else if (before.startSeconds === part.startSeconds) return;
    this.goTo(at);
  }

  /** @throws {DOMException} where the browser wants a person to ask for sound first. */
  async play(speed: number): Promise<void> {
    this.cue();
    this.#setMark(this.seconds);
    this.#speed = speed;
    this.#isRunning = true;
    this.audio.playbackRate = speed;
    if (!this.#canLead || this.audio.currentTime >= this.audio.duration) return;
    try {
      await this.audio.play();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (error.name === 'NotAllowedError') {
        this.#isRunning = false;
        throw error;
      }
      if (error.name !== 'AbortError') this.#loseSong();
    }
  }

  pause(): void {
    this.#setMark(this.seconds);
    this.#isRunning = false;
    this.audio.pause();
  }

  goTo(seconds: number): void {
    this.#setMark(seconds);
    this.#isCued = false;
    if (this.#isRunning) this.cue();
  }

  /** Has the song where the clock is, so that it can begin. */
  cue(): void {
    if (this.#isCued || this.isMute.value) return;
    this.#isCued = true;
    // Before its length is known, this says where it is to start.
    this.audio.currentTime = this.#start + this.#mark.seconds;
  }

  /** To be called as time goes on. */
  tick(): void {
    if (!this.#part) return;
    if (performance.now() - this.#mark.at > SETTLED_MS) this.cue();
    const gain = songGain(this.seconds, this.#part.seconds, this.#part.fadeOutSeconds);
    if (Math.abs(this.audio.volume - gain) > 0.001) this.audio.volume = gain;
  }

  stop(): void {
    this.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
  }

  #setMark(seconds: number): void {
    this.#mark = { seconds, at: performance.now() };
  }

  #loseSong(): void {
    // An element without a file says so by an error too.
    if (!this.#part || !this.audio.hasAttribute('src')) return;
    this.#setMark(this.seconds);
    const now = performance.now();
    if (this.audio.error?.code === MediaError.MEDIA_ERR_NETWORK && now - this.#reloadedAt > RELOAD_MS) {
      // The address that it came from is good for an hour; the one that leads there gives another.
      this.#reloadedAt = now;
      this.audio.src = this.#part.address;
      this.goTo(this.seconds);
      if (this.#isRunning) void this.play(this.#speed);
    } else this.isMute.value = true;
  }
}
