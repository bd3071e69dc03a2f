import { isOpen } from '../../shared/job.ts';
import { findJob, openJobs } from '../../storage/jobs.ts';
import type { Store } from '../../storage/store.ts';

/** Which jobs have something left to do, known without listing the whole bucket again and again. */
export class OpenJobs {
  readonly #store: Store;
  /** Jobs that may be open, with how often something was heard of them. */
  readonly #heard = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Looks through the store once. */
  async load(): Promise<string[]> {
    const open = (await openJobs(this.#store)).map(({ job }) => job);
    for (const job of open) this.notice(job);
    return open;
  }

  /** Something happened to a job: it may be open now. */
  notice(job: string): void {
    this.#heard.set(job, (this.#heard.get(job) ?? 0) + 1);
  }

  /** Whether any job is open. Asks the store about those that may be, until one is. */
  async any(): Promise<boolean> {
    for (const [job, times] of [...this.#heard]) {
      const seen = await findJob(this.#store, job);
      if (seen && isOpen(seen)) return true;
      if (this.#heard.get(job) === times) this.#heard.delete(job);
    }
    return false;
  }
}
