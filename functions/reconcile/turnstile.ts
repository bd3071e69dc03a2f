/**
 * Lets one run through at a time and gathers all who come meanwhile into the next one, as a controller's work queue does:
 * a hundred events while a pass is under way cost one more pass, and each of them is answered by a pass that began after it.
 */
export class Turnstile {
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  enter(run: () => Promise<void>): Promise<void> {
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

  #follow(run: () => Promise<void>): Promise<void> {
    this.#next = null;
    return this.enter(run);
  }
}
