import { signal } from '@preact/signals';
import { framesPerSecond } from '../../../../shared/frame-rate.ts';
import { Latency } from './latency.ts';
import {
  comingAfter,
  fileSecondsAt,
  type Run,
  type Schedule,
  type Shown,
  shownAt,
  speedAt,
  stillSecondsAt,
} from './schedule.ts';
import { isShownWhole } from './still-to-come.ts';
import { type Habits, RUN_UP_SECONDS, Turn } from './turn.ts';

/** Two are seen in a dissolve, and the next ones are made ready. */
const TURNS = 4;
/** A picture is seen about a refresh of the display after it was asked for. */
const SEEN_AFTER_SECONDS = 1 / 60;
/** Beneath what is seen, too faint to see: a browser doesn't keep up the picture of what it doesn't draw at all. */
const UNSEEN_OPACITY = 0.01;
/** While a person scrubs, nothing is made ready for what comes. */
const SETTLED_MS = 200;

/** Where a montage is. */
export interface Moment {
  /** In frames and parts of them. */
  readonly position: number;
  /** Whether it moves on by itself. */
  readonly isMoving: boolean;
  readonly speed: number;
}

/** The pictures of a montage: elements that take turns, the next ones sought and waiting before their cut. */
export class Turns {
  /** The clip that should be seen and can't be decoded here. */
  readonly missing = signal<string | null>(null);
  readonly #habits: Habits = {
    start: new Latency(0.03, 0.15),
    seek: new Latency(0.1, 2),
    firsts: new Map(),
    broken: new Map(),
  };
  readonly #turns = Array.from({ length: TURNS }, () => new Turn(this.#habits));
  readonly #veil = document.createElement('div');
  #layers: readonly { readonly turn: Turn; readonly opacity: number }[] = [];
  #isReady = false;
  #lastFrame = -1;
  #settledAt = 0;

  constructor(place: HTMLElement) {
    this.#veil.className = 'veil';
    place.replaceChildren(...this.#turns.map(({ video }) => video), this.#veil);
  }

  /** Whether what is shown is what was asked for last. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Whether a file can't be decoded here. */
  isBroken(address: string): boolean {
    const broken = this.#habits.broken.get(address);
    return broken !== undefined && broken.until > performance.now();
  }

  /** Shows a moment of a montage, and makes ready what comes after it. */
  show(schedule: Schedule, size: { width: number; height: number }, moment: Moment): void {
    const now = performance.now();
    const ahead = moment.isMoving ? SEEN_AFTER_SECONDS * framesPerSecond(schedule.frameRate) * moment.speed : 0;
    const frame = frameOf(schedule, moment.position + ahead);
    if (frame !== this.#lastFrame) this.#settledAt = now + SETTLED_MS;
    this.#lastFrame = frame;
    const shown = shownAt(schedule, frame);
    const seen = shown.pictures.map(({ run }) => run).filter(({ address }) => !this.isBroken(address));
    const isSettled = moment.isMoving || now >= this.#settledAt;
    const coming = isSettled ? comingAfter(schedule, frame, TURNS - seen.length) : [];
    const pairs = this.#assign(
      seen,
      coming.filter(({ address }) => !this.isBroken(address)),
      moment.position,
      schedule.frameRate,
    );
    for (const turn of this.#turns) {
      if ([...pairs.values()].includes(turn)) turn.usedAt = now;
      else if (!isSettled && this.#layers.every((layer) => layer.turn !== turn)) continue;
      else turn.rest();
    }
    for (const [run, turn] of pairs) drive(turn, run, schedule, moment, seen.includes(run));
    this.#see(shown, pairs, size);
  }

  stop(): void {
    for (const turn of this.#turns) turn.stop();
  }

  /** Who shows which run: who does already, else who has its file open, else who was wanted longest ago. */
  #assign(seen: readonly Run[], coming: readonly Run[], position: number, frameRate: string): Map<Run, Turn> {
    const free = new Set(this.#turns);
    const pairs = new Map<Run, Turn>();
    const pair = (run: Run, turn: Turn) => {
      pairs.set(run, turn);
      free.delete(turn);
      turn.take(run);
    };
    for (const run of [...seen, ...coming]) {
      const turn = [...free].find((each) => each.run && isSame(each.run, run, position, frameRate));
      if (turn) pair(run, turn);
    }
    const isSeen = (turn: Turn) => this.#layers.some((layer) => layer.turn === turn);
    for (const run of [...seen, ...coming]) {
      if (pairs.has(run)) continue;
      // What is seen stays so until what comes next is there.
      const [turn] = [...free]
        .filter((each) => seen.includes(run) || !isSeen(each))
        .sort(
          (a, b) =>
            Number(b.address === run.address) - Number(a.address === run.address) ||
            Number(isSeen(a)) - Number(isSeen(b)) ||
            a.usedAt - b.usedAt,
        );
      if (turn) pair(run, turn);
    }
    return pairs;
  }

  #see({ pictures, veil }: Shown, pairs: ReadonlyMap<Run, Turn>, size: { width: number; height: number }): void {
    const main = pictures[0];
    const isMissing = main !== undefined && this.isBroken(main.run.address);
    const turn = main && pairs.get(main.run);
    this.#isReady = isMissing || turn?.isReady === true;
    this.missing.value = isMissing ? main.run.name : this.#isReady ? null : this.missing.value;
    if (this.#isReady)
      this.#layers = pictures.flatMap(({ run, opacity }) => {
        const of = pairs.get(run);
        return of?.isReady ? [{ turn: of, opacity }] : [];
      });
    for (const each of this.#turns) {
      const { video } = each;
      const layer = this.#layers.findIndex(({ turn: seen }) => seen === each);
      const unseen = each.isAwake ? UNSEEN_OPACITY : 0;
      style(video, 'opacity', String(this.#layers[layer]?.opacity ?? unseen));
      style(video, 'z-index', String(layer + 1));
      if (layer >= 0) {
        const isWhole = isShownWhole({ width: video.videoWidth, height: video.videoHeight }, size);
        style(video, 'object-fit', isWhole ? 'contain' : 'cover');
      }
    }
    style(this.#veil, 'opacity', String(veil?.opacity ?? 0));
    if (veil) style(this.#veil, 'background-color', veil.colour);
  }
}

/** The frame that is seen at a position. */
export const frameOf = ({ frames }: Pick<Schedule, 'frames'>, position: number): number =>
  Math.max(0, Math.min(frames - 1, Math.floor(position + 1e-6)));

/** Whether two runs show the same picture of the same file. */
function isSame(a: Run, b: Run, position: number, frameRate: string): boolean {
  if (a.address !== b.address) return false;
  const at = Math.max(b.from, Math.min(b.to, position));
  const apart = fileSecondsAt(a, at, frameRate) - fileSecondsAt(b, at, frameRate);
  return Math.abs(apart) * framesPerSecond(frameRate) < 0.75;
}

function drive(turn: Turn, run: Run, schedule: Schedule, moment: Moment, isSeen: boolean): void {
  const { frameRate } = schedule;
  const { position, isMoving, speed } = moment;
  const fps = framesPerSecond(frameRate);
  const runUp = RUN_UP_SECONDS * fps * (isMoving ? speed : 1);
  if (isMoving && position >= run.from - runUp)
    turn.follow(
      fileSecondsAt(run, position, frameRate),
      speedAt(run, position) * speed,
      fileSecondsAt(run, run.to - 0.9, frameRate),
    );
  // Within the frame is near enough: its picture is the same.
  else if (isSeen) turn.hold(stillSecondsAt(run, frameOf(schedule, position), frameRate), 0.45 / fps);
  else turn.hold(Math.max(0, fileSecondsAt(run, run.from - runUp, frameRate)), 0.45 / fps);
}

/** Only what changes is written: the browser looks at every write. */
function style(
  element: HTMLElement,
  property: 'opacity' | 'z-index' | 'object-fit' | 'background-color',
  value: string,
) {
  if (element.style.getPropertyValue(property) !== value) element.style.setProperty(property, value);
}
