import { Worker } from 'node:worker_threads';
import type { PaintRequest } from './painting-thread.ts';

/** Paints pictures of scenes in a thread of its own. */
export class Painter {
  readonly #thread = new Worker(new URL('./painting-thread.ts', import.meta.url));
  readonly #waiting: { resolve: (bytes: Uint8Array) => void; reject: (reason: unknown) => void }[] = [];

  constructor() {
    this.#thread.on('message', (bytes: Uint8Array) => this.#waiting.shift()?.resolve(bytes));
    this.#thread.on('error', (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  /** The picture as RGB bytes. May be asked again before it has answered; it answers in order. */
  paint(request: PaintRequest): Promise<Uint8Array> {
    const answer = new Promise<Uint8Array>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#thread.postMessage(request);
    return answer;
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('The painter was closed'));
  }
}
