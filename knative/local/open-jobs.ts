import { isOpen } from '../../shared/job.ts';
import { allJobs, findJob } from '../../storage/jobs.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';

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
    const open = (await allJobs(this.#store)).filter(isOpen).map(({ job }) => job);
    for (const job of open) this.#hear(job);
    return open;
  }

  /** Takes note of a new object: its job may be open now. */
  notice({ bucket, key }: Pick<ObjectInfo, 'bucket' | 'key'>): void {
    const [job, rest] = key.split('/', 2);
    if (bucket === 'jobs' && job && rest) this.#hear(job);
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

  #hear(job: string): void {
    this.#heard.set(job, (this.#heard.get(job) ?? 0) + 1);
  }
}
