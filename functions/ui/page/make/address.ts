import { signal } from '@preact/signals';
import { addressOf, jobAt } from './job-address.ts';

/** The job that the page shows, as its address says; null where a new one is being gathered. */
export const jobShown = signal<string | null>(jobAt(location.pathname));

addEventListener('popstate', () => {
  jobShown.value = jobAt(location.pathname);
});

/** Shows a job, or the gathering of a new one, under an address of its own. */
export function show(job: string | null): void {
  if (job === jobShown.value) return;
  history.pushState(null, '', job === null ? '/' : addressOf(job));
  jobShown.value = job;
}
