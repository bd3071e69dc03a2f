type Answer<T> = { id: number; answer: T } | { id: number; error: string };

/** A worker that is asked questions: started with the first one, and anew with the next after it broke down. */
export class AskedWorker<Question, T> {
  readonly #start: () => Worker;
  #worker: Worker | undefined;
  #lastId = 0;
  readonly #asked = new Map<number, PromiseWithResolvers<T>>();

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /** Throws what the worker throws at it, and where there can be no worker. */
  async ask(question: Question): Promise<T> {
    this.#worker ??= this.#started();
    this.#lastId += 1;
    const asked = Promise.withResolvers<T>();
    this.#worker.postMessage({ id: this.#lastId, question });
    this.#asked.set(this.#lastId, asked);
    return asked.promise;
  }

  #started(): Worker {
    const worker = this.#start();
    worker.addEventListener('message', ({ data }: MessageEvent<Answer<T>>) => {
      if ('answer' in data) this.#asked.get(data.id)?.resolve(data.answer);
      else this.#asked.get(data.id)?.reject(new Error(data.error));
      this.#asked.delete(data.id);
    });
    worker.addEventListener('error', () => {
      worker.terminate();
      if (this.#worker !== worker) return;
      // The page may be older than the server, which has other parts by now.
      const error = new Error('A part of the page could not be loaded: reload it');
      for (const { reject } of this.#asked.values()) reject(error);
      this.#asked.clear();
      this.#worker = undefined;
    });
    return worker;
  }
}

/** Has this worker answer what it is asked. */
export function answering<Question, T>(answer: (question: Question) => T | Promise<T>): void {
  addEventListener('message', async ({ data: { id, question } }: MessageEvent<{ id: number; question: Question }>) => {
    try {
      postMessage({ id, answer: await answer(question) });
    } catch (error) {
      postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
