import { effect } from '@preact/signals';
import { hasEnded } from '../../../../shared/job.ts';
import { watched } from '../make/watching.ts';

/** The job that was waited for until it was planned. */
let awaited: string | null = null;

effect(() => {
  const { job, status } = watched.value ?? {};
  if (job === undefined) awaited = null;
  else if (status && !status.segments && status.revision === 1 && !hasEnded(status)) awaited = job;
});

/** Whether a montage is to play by itself, once: its plan was waited for, and the person doesn't mind things that move. */
export function playsAtOnce(job: string): boolean {
  const isAwaited = awaited === job;
  awaited = null;
  return isAwaited && !matchMedia('(prefers-reduced-motion: reduce)').matches;
}
