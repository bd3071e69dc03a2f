/**
 * Lets one run through at a time and gathers all who come meanwhile into the next one, as a controller's work queue does:
 * a hundred events while a pass is under way cost one more pass, and each of them is answered, with what came of it, by a pass that
 * began after it.
 */
export class Turnstile<T> {
  #running: Promise<T> | null = null;
  #next: Promise<T> | null = null;

  enter(run: () => Promise<T>): Promise<T> {
    if (!this.#running) {
      this.#running = run().finally(() => {
        this.#running = null;
      });
      return this.#running;
    }
    this.#next ??= this.#running.then(
      () => this.#follow(run),
      () => this.#follow(run),
    );
    return this.#next;
  }

  #follow(run: () => Promise<T>): Promise<T> {
    this.#next = null;
    return this.enter(run);
  }
}
