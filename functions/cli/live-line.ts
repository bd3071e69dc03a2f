import type { WriteStream } from 'node:tty';
import { colours } from './colours.ts';

const ERASE = '\r\u001b[2K';

/** One line that is written over on a terminal; elsewhere a line a change, so that logs stay short. */
export class LiveLine implements Disposable {
  readonly #stream: WriteStream;
  readonly #quiet: boolean;
  #shown = '';

  constructor(stream: WriteStream, quiet: boolean) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  show(text: string): void {
    if (this.#quiet || text === this.#shown) return;
    if (this.#stream.isTTY) this.#stream.write(ERASE + text.slice(0, this.#stream.columns - 1));
    // Without a terminal the time left would make every line a new one.
    else if (withoutTime(text) !== withoutTime(this.#shown)) this.#stream.write(`${text}\n`);
    this.#shown = text;
  }

  /** A line that stays. */
  note(text: string): void {
    if (this.#quiet) return;
    this.#stream.write(`${this.#stream.isTTY ? ERASE : ''}${colours(this.#stream).yellow(text)}\n`);
    if (this.#stream.isTTY) this.#stream.write(this.#shown);
  }

  [Symbol.dispose](): void {
    if (!this.#quiet && this.#stream.isTTY) this.#stream.write(ERASE);
  }
}

function withoutTime(text: string): string {
  return text.replace(/, about .*$/, '');
}
