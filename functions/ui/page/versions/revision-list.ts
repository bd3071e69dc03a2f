import { computed, effect, signal } from '@preact/signals';
import type { Revision } from '../../../../shared/api/revisions.ts';
import type { Timeline } from '../../../../shared/timeline.ts';
import { refusal } from '../change/making.ts';
import { planned } from '../make/timeline-shown.ts';
import { watched } from '../make/watching.ts';
import { client, isAway, told } from '../server.ts';

const listed = signal<{ job: string; revisions: readonly Revision[] }>({ job: '', revisions: [] });

/** The revisions of the job that is shown, as the server has them; none until it has said. */
export const revisions = computed(() => (listed.value.job === watched.value?.job ? listed.value.revisions : []));

let asked = 0;

/** Asks for them again. */
export async function listRevisions(job: string): Promise<void> {
  asked += 1;
  const mine = asked;
  try {
    const { body } = await client.call('listRevisions', { parameters: { job } });
    if (mine === asked) listed.value = { job, ...body };
  } catch (error) {
    // When nobody answers, they are asked for again with the job's next state.
    if (!isAway(error)) refusal.value = told(error);
  }
}

/** Timelines by job and revision, for going back at once. */
const known = new Map<string, Timeline>();
const MOST_KNOWN = 50;

/** The timeline of a revision, where it was seen here; null where it wasn't. */
export const knownTimeline = (job: string, revision: number): Timeline | null =>
  known.get(`${job} ${revision}`) ?? null;

/** Asks for the timeline of a revision; null where there is none, or nobody answers. */
export async function findTimeline(job: string, revision: number): Promise<Timeline | null> {
  try {
    const { status, body } = await client.call('showTimeline', { parameters: { job, revision } });
    if (status !== 200) return null;
    keep(job, revision, body);
    return body;
  } catch {
    return null;
  }
}

function keep(job: string, revision: number, timeline: Timeline): void {
  known.set(`${job} ${revision}`, timeline);
  for (const oldest of known.keys()) {
    if (known.size <= MOST_KNOWN) return;
    known.delete(oldest);
  }
}

/** Has the revisions of the job that is shown at hand, as it changes. */
export function followRevisions(): void {
  effect(() => {
    const at = planned.value;
    if (at) keep(at.job, at.revision, at.timeline);
  });
  const state = computed(() => {
    const { job, status } = watched.value ?? {};
    return status ? JSON.stringify([job, status.revision, status.segments !== null, status.finishedRevision]) : null;
  });
  effect(() => {
    if (state.value !== null) void listRevisions(watched.peek()?.job ?? '');
  });
}
