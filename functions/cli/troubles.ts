import type { RuntimeLog } from '../../knative/local/log-lines.ts';

const DISK_FULL = /the disk of .* is full|no space left on device|ENOSPC/i;

/**
 * Listens to what the runtime and its functions log for what makes waiting pointless: where nothing can be written, not even
 * a failure can be.
 */
export class Troubles {
  sentence: string | null = null;

  hear({ severity, message, fields }: Pick<RuntimeLog, 'severity' | 'message' | 'fields'>): void {
    if (severity !== 'ERROR' && severity !== 'WARN') return;
    const reason = typeof fields?.reason === 'string' ? fields.reason : message;
    if (DISK_FULL.test(reason)) {
      this.sentence = 'The disk is full: free some space and run the command again; it goes on from where it stopped';
    } else if (message === 'gave up on an object') {
      this.sentence ??= `${String(fields?.key).split('/').at(-1)} could not be looked at; LOG_LEVEL=debug shows why`;
    }
  }
}
