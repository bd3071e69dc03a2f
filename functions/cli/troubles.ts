import type { RuntimeLog } from '../../knative/local/log-lines.ts';
import type { ObjectRef } from '../../shared/events.ts';

const DISK_FULL = /the disk of .* is full|no space left on device|ENOSPC/i;

/**
 * Listens to what the runtime and its functions log for what makes waiting pointless: where nothing can be written, not even
 * a failure can be, and an object that was given up on outside a job is told of nowhere else.
 */
export class Troubles {
  #full = false;
  readonly #givenUp = new Set<string>();

  hear({ severity, message, fields }: Pick<RuntimeLog, 'severity' | 'message' | 'fields'>): void {
    if (severity !== 'ERROR' && severity !== 'WARN') return;
    const reason = typeof fields?.reason === 'string' ? fields.reason : message;
    if (DISK_FULL.test(reason)) this.#full = true;
    else if (message === 'gave up on an object') this.#givenUp.add(`${fields?.bucket}/${fields?.key}`);
  }

  /** Why waiting is pointless, as a sentence, or null; for who waits for one object, also that this one was given up on. */
  sentence(object?: Pick<ObjectRef, 'bucket' | 'key'>): string | null {
    if (this.#full)
      return 'The disk is full: free some space and run the command again; it goes on from where it stopped';
    if (object && this.#givenUp.has(`${object.bucket}/${object.key}`))
      return `${object.key.split('/').at(-1)} could not be looked at; LOG_LEVEL=debug shows why`;
    return null;
  }
}
