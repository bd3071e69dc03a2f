import { computed, effect, signal } from '@preact/signals';
import type { JobStatus } from '../../../../shared/status.ts';
import type { Timeline } from '../../../../shared/timeline.ts';
import { client, isAway, sentence } from '../server.ts';
import { refuse, watched } from './watching.ts';

interface Planned {
  readonly job: string;
  readonly revision: number;
  readonly timeline: Timeline;
}

/** The latest planned revision of the job that is shown, as the server has it. */
export const planned = signal<Planned | null>(null);

/** What a change makes of it, until the server has planned the same. */
export const draft = signal<Timeline | null>(null);

/** What is played and laid out beneath the player; null while nothing is planned. */
export const timelineShown = computed(() => draft.value ?? planned.value?.timeline ?? null);

const COME_BACK_MS = 1000;

/** Has the timeline of the job that is shown at hand, as soon as there is one. */
export const followTimeline = () => {
  let asked = '';
  return effect(() => {
    const { job, status } = watched.value ?? {};
    if (planned.peek() && planned.peek()?.job !== job) {
      planned.value = null;
      draft.value = null;
    }
    const revision = status ? plannedRevision(status) : null;
    if (!job || revision === null) return;
    if (isKnown(job, revision)) return;
    if (asked === `${job} ${revision}`) return;
    asked = `${job} ${revision}`;
    void read(job, revision).finally(() => {
      asked = '';
    });
  });
};

/** Whether that one or a later one is there: while a next one is planned, what was planned last stays. */
const isKnown = (job: string, revision: number) =>
  planned.peek()?.job === job && (planned.peek()?.revision ?? 0) >= revision;

/** Of a revision that is being planned, the one before it is shown. */
function plannedRevision({ segments, revision, finishedRevision }: JobStatus): number | null {
  if (segments) return revision;
  return finishedRevision ?? (revision > 1 ? revision - 1 : null);
}

async function read(job: string, revision: number): Promise<void> {
  for (;;) {
    try {
      const answer = await client.call('showTimeline', { parameters: { job, revision } });
      if (watched.value?.job !== job || answer.status !== 200 || isKnown(job, revision)) return;
      planned.value = { job, revision, timeline: answer.body };
      return;
    } catch (error) {
      if (watched.value?.job !== job) return;
      if (!isAway(error)) return refuse(sentence(error));
      await new Promise((resolve) => setTimeout(resolve, COME_BACK_MS));
    }
  }
}
