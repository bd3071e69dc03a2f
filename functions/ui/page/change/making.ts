import { computed, signal } from '@preact/signals';
import type { Change } from '../../../../shared/edits/change.ts';
import type { Timeline } from '../../../../shared/timeline.ts';
import { watched } from '../make/watching.ts';
import type { SentenceSaid } from '../words/sentence-said.ts';
import { idle, type Queue } from './change-queue.ts';

/** Changes that somebody else was faster than, and what they were meant for. */
interface Conflict {
  readonly changes: readonly Change[];
  readonly before: Timeline | null;
}

/** What a person does to one job. */
interface Making {
  readonly queue: Queue;
  /** What was meant for a montage that somebody else has changed meanwhile, until a person has said what is to come of it. */
  readonly conflicts: readonly Conflict[];
  /** Whether the server doesn't answer. */
  readonly isAway: boolean;
}

/** By job: what was done to one is sent to its end, though another one is looked at meanwhile. */
export const makings = signal<ReadonlyMap<string, Making>>(new Map());
const NOTHING: Making = { queue: idle(1, 1), conflicts: [], isAway: false };

/** What is being done to a job. */
export const makingOf = (job: string): Making => makings.peek().get(job) ?? NOTHING;

/** What is being done to the job that is shown. */
export const making = computed(() => makings.value.get(watched.value?.job ?? '') ?? NOTHING);

/** Has what is being done to a job be another. */
export function make(job: string, change: (before: Making) => Making): void {
  makings.value = new Map(makings.peek()).set(job, change(makingOf(job)));
}

/** What a hand makes of the montage while it drags something; null when it lets go. */
export const held = signal<Timeline | null>(null);

/** Why the last change could not be made. */
export const refusal = signal<SentenceSaid | null>(null);
