import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { pathOf } from '../../../../shared/api/client.ts';
import { framesPerSecond, secondsAt } from '../../../../shared/frame-rate.ts';
import { type SegmentSpec, segmentsOf } from '../../../../shared/segments.ts';
import type { Timeline } from '../../../../shared/timeline.ts';
import { adopted, type Piece } from './adopted.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import type { Screen } from './screen.ts';
import { SongClock } from './song-clock.ts';
import { Turns } from './turns.ts';

/** Picture and song are waited for, but no longer than this. */
const PATIENCE_MS = 4000;
/** A clock that stands for so long isn't moving: the song waits for the network. */
const STANDING_MS = 150;
/** A piece that was rendered meanwhile isn't taken for the picture of the next so many seconds: it would come too late. */
const ADOPT_AHEAD_SECONDS = 1;

const clipAddress = (key: string) => pathOf('findMedia', { parameters: { bucket: 'input', key } });

/** A montage as it is planned, played from the clips and the song by the browser; from rendered pieces where they are there. */
export class LiveCut implements Screen {
  readonly #clock = new SongClock();
  readonly #turns: Turns;
  readonly #isPlaying = signal(false);
  readonly isPlaying: ReadonlySignal<boolean> = computed(() => this.#isPlaying.value);
  #timeline: Timeline | null = null;
  #specs: readonly SegmentSpec[] = [];
  #pieces: readonly Piece[] = [];
  #schedule: Schedule | null = null;
  #played: ReadonlySet<string> = new Set();
  #isWaiting = false;
  #speed = 1;
  /** Whether it is to play and waits for what it needs. */
  #isHeld = false;
  /** When it was told where to be, on the machine's clock. */
  #askedAt = 0;
  #moved = { seconds: 0, at: 0 };
  #isOver = false;
  #next = 0;
  readonly #stopped = new AbortController();

  /** Shows its pictures in `place`, which holds nothing else. */
  constructor(place: HTMLElement) {
    this.#turns = new Turns(place);
    const tick = () => {
      this.#tick();
      this.#next = requestAnimationFrame(tick);
    };
    this.#next = requestAnimationFrame(tick);
    // Pages in the background get no pictures, but the song goes on to its end.
    this.#clock.audio.addEventListener('timeupdate', () => this.#tick(), { signal: this.#stopped.signal });
    place.append(this.#clock.audio);
  }

  /** The clip that should be seen and can't be decoded here. */
  get missing(): ReadonlySignal<string | null> {
    return this.#turns.missing;
  }

  /** Whether the song can't be decoded here. */
  get isMute(): ReadonlySignal<boolean> {
    return this.#clock.isMute;
  }

  get seconds(): number {
    return this.#clock.seconds;
  }

  get isSeeking(): boolean {
    return !this.#turns.isReady;
  }

  get isReady(): boolean {
    const isThere = this.#turns.isReady && this.#clock.isReady;
    return isThere || performance.now() - this.#askedAt > PATIENCE_MS;
  }

  /** Plays this timeline from now on, with the addresses of its pieces, in order, where they are rendered. Keeps the place. */
  take(timeline: Timeline, addresses: readonly (string | null)[]): void {
    const isNew = timeline !== this.#timeline;
    const { frameRate, frames, music } = timeline;
    if (isNew) {
      this.#timeline = timeline;
      this.#specs = segmentsOf(timeline);
      this.#schedule = null;
      this.#clock.take({
        address: pathOf('findMedia', { parameters: { bucket: 'music', key: music.key } }),
        startSeconds: secondsAt(music.sourceFrame, frameRate),
        seconds: secondsAt(frames, frameRate),
        fadeOutSeconds: secondsAt(music.fadeOutFrames, frameRate),
      });
    }
    let frame = 0;
    this.#pieces = this.#specs.map((spec, i) => {
      const from = frame;
      frame += spec.frames;
      return { from, to: frame, address: addresses[i] ?? null };
    });
    this.#reschedule();
    if (this.seconds > secondsAt(frames, frameRate)) this.goTo(secondsAt(frames - 0.5, frameRate));
  }

  play(times: number): void {
    this.#speed = times;
    if (this.#isOver) this.#clock.goTo(0);
    this.#isOver = false;
    this.#isPlaying.value = true;
    this.#clock.pause();
    this.#hold();
  }

  pause(): void {
    this.#isPlaying.value = false;
    this.#isHeld = false;
    this.#clock.pause();
    this.#reschedule();
  }

  goTo(seconds: number): void {
    const { frames, frameRate } = this.#timeline ?? { frames: 1, frameRate: '25/1' };
    this.#isOver = false;
    this.#clock.pause();
    this.#clock.goTo(Math.max(0, Math.min(seconds, secondsAt(frames - 0.5, frameRate))));
    this.#reschedule();
    this.#hold();
  }

  mute(isMuted: boolean): void {
    this.#clock.audio.muted = isMuted;
  }

  stop(): void {
    this.#stopped.abort();
    cancelAnimationFrame(this.#next);
    this.#clock.stop();
    this.#clock.audio.remove();
    this.#turns.stop();
  }

  #tick(): void {
    const { frameRate, frames } = this.#timeline ?? {};
    if (!this.#timeline || !this.#schedule || !frameRate || !frames) return;
    const now = performance.now();
    const { seconds } = this.#clock;
    const position = seconds * framesPerSecond(frameRate);
    if (position >= frames && this.#clock.isRunning) {
      this.#end();
      return;
    }
    if (seconds !== this.#moved.seconds) this.#moved = { seconds, at: now };
    const isMoving = this.#clock.isRunning && this.#moved.at > 0 && now - this.#moved.at < STANDING_MS;
    if (this.#isWaiting) this.#reschedule();
    this.#turns.show(this.#schedule, this.#timeline, { position, isMoving, speed: this.#speed });
    this.#clock.tick();
    if (this.#isHeld && this.isReady) this.#begin();
  }

  /** Waits for picture and song before it plays on. */
  #hold(): void {
    this.#askedAt = performance.now();
    this.#isHeld = this.#isPlaying.value;
    if (this.#isHeld) this.#clock.cue();
    this.#tick();
  }

  #begin(): void {
    this.#isHeld = false;
    // It moves when the song is heard.
    this.#moved = { seconds: this.seconds, at: 0 };
    this.#clock.play(this.#speed).catch(() => this.pause());
  }

  #end(): void {
    this.pause();
    this.goTo(Number.POSITIVE_INFINITY);
    this.#isOver = true;
  }

  /** Keeps to what is played now, but for pieces that can be taken over unseen. */
  #reschedule(): void {
    const timeline = this.#timeline;
    if (!timeline) return;
    const fps = framesPerSecond(timeline.frameRate);
    const addresses = this.#pieces.flatMap(({ address }) => address ?? []);
    const { played, isWaiting } = this.#isPlaying.value
      ? adopted(this.#pieces, this.#indispensable(), this.seconds * fps, ADOPT_AHEAD_SECONDS * fps)
      : { played: new Set(addresses), isWaiting: false };
    this.#isWaiting = isWaiting;
    if (this.#schedule && played.size === this.#played.size && played.isSubsetOf(this.#played)) return;
    this.#played = played;
    this.#schedule = scheduleOf(this.#specs, timeline, {
      clip: clipAddress,
      segment: (index) => {
        const address = this.#pieces[index]?.address ?? null;
        return address !== null && played.has(address) ? address : null;
      },
    });
  }

  /** The pieces that are played already, and those whose clips can't be seen here. */
  #indispensable(): ReadonlySet<string> {
    const unseen = this.#pieces.flatMap(({ address }, i) => {
      const { main } = this.#specs[i] ?? {};
      return address !== null && main && this.#turns.isBroken(clipAddress(main.key)) ? [address] : [];
    });
    return this.#played.union(new Set(unseen));
  }
}
