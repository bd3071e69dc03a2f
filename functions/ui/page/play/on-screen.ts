import { computed, signal } from '@preact/signals';
import { draft, planned } from '../make/timeline-shown.ts';
import { watched } from '../make/watching.ts';

/** What can play a job: the finished file of a revision, by its number, or the browser, which cuts the clips. */
export type Player = number | 'cut here';

/** What plays the job that is shown. */
export const onScreen = signal<Player | null>(null);

/** What is to play it, as soon as that is ready. */
export const toPlay = computed<Player | null>(() => {
  const { job, status } = watched.value ?? {};
  const finished = status?.finishedRevision ?? null;
  if (draft.value) return 'cut here';
  // A file is finished before its timeline is read.
  if (!planned.value || planned.value.job !== job) return finished;
  return planned.value.revision === finished ? finished : 'cut here';
});
