import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Enlarging, NetworkAnswer, NetworkOrder, Planes } from './network-thread.ts';

/** Runs a network in a thread of its own: onnxruntime lets nothing else happen in the thread that calls it. */
export class NetworkRunner implements AsyncDisposable {
  readonly #thread: Worker;
  readonly #waiting: { resolve: (planes: Planes | null) => void; reject: (reason: unknown) => void }[] = [];
  #ended: unknown;

  private constructor(order: NetworkOrder) {
    this.#thread = new Worker(new URL('./network-thread.ts', import.meta.url), {
      workerData: order,
      transferList: [order.model.buffer],
    });
    this.#thread.on('message', (answer: NetworkAnswer) => {
      const next = this.#waiting.shift();
      if (answer.kind === 'done') next?.resolve(answer.planes);
      else next?.reject(answer.error);
    });
    this.#thread.on('error', (error) => this.#end(error));
    this.#thread.on('exit', () => this.#end(new Error('The thread of the network has ended')));
  }

  /** The model's bytes are handed over. */
  static async start(order: NetworkOrder): Promise<NetworkRunner> {
    const runner = new NetworkRunner(order);
    await runner.#answer();
    return runner;
  }

  /** Fills `large`. May be asked again before it has answered; it answers in order. */
  async enlarge(enlarging: Enlarging): Promise<Planes> {
    if (this.#ended) throw this.#ended;
    const answer = this.#answer();
    this.#thread.postMessage(enlarging, [enlarging.small.buffer, enlarging.large.buffer]);
    return (await answer) as Planes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    const exit = once(this.#thread, 'exit');
    this.#thread.postMessage('end');
    await exit;
  }

  #answer(): Promise<Planes | null> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #end(reason: unknown): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }
}
