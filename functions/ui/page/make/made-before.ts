import { signal } from '@preact/signals';
import { pagesOf } from '../../../../shared/api/client.ts';
import { hasEnded } from '../../../../shared/job.ts';
import type { JobStatus } from '../../../../shared/status.ts';
import { hush, say } from '../said.ts';
import { client, sentence } from '../server.ts';
import { words } from '../words/language.ts';
import { jobShown, show } from './address.ts';

/** The montages that were asked for, newest first, as far back as was looked; null until the server has said. */
export const jobs = signal<readonly JobStatus[] | null>(null);
/** Whether there are older ones. */
export const hasOlder = signal(false);
/** Jobs that a person deleted and may still take back. */
export const going = signal<ReadonlySet<string>>(new Set());
/** The one that was just taken back, where whoever did so goes on. */
export const takenBack = signal<string | null>(null);
/** Whether the list is shown. */
export const historyOpen = signal(false);
/** Why the list can't be had. */
export const historyTrouble = signal<string | null>(null);

/** How many are looked back at once. */
const PAGE = 50;
let pages = 1;
const UNDO_MS = 5000;
const LOOK_AGAIN_MS = 3000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Asks for the list, and goes on asking while it is open and something in it is being made. */
export async function lookBack(): Promise<void> {
  clearTimeout(timer);
  try {
    const all = pagesOf(async (after) => (await client.call('listJobs', { query: { limit: PAGE, ...after } })).body);
    const seen: JobStatus[] = [];
    for (let page = 0; page < pages; page += 1) {
      const { value, done } = await all.next();
      if (done) break;
      seen.push(...value.jobs);
      hasOlder.value = value.next !== null;
    }
    jobs.value = seen;
    historyTrouble.value = null;
  } catch (error) {
    historyTrouble.value = sentence(error);
  }
  if (historyOpen.value && (historyTrouble.value || jobs.value?.some((job) => !hasEnded(job))))
    timer = setTimeout(() => void lookBack(), LOOK_AGAIN_MS);
}

/** Looks further back. */
export function lookFurtherBack(): void {
  pages += 1;
  void lookBack();
}

/** Deletes a job five seconds from now, unless it is taken back. */
export function deleteSoon(job: JobStatus, name: string): void {
  takenBack.value = null;
  mark(job.id, true);
  const asked = setTimeout(() => void deleteNow(job.id), UNDO_MS);
  const undo = () => {
    clearTimeout(asked);
    takenBack.value = historyOpen.peek() ? job.id : null;
    mark(job.id, false);
    hush();
  };
  say(words.value.willDelete(name), { label: words.value.undo, run: undo }, UNDO_MS);
}

async function deleteNow(id: string): Promise<void> {
  try {
    await client.call('deleteJob', { parameters: { job: id } });
    jobs.value = jobs.value?.filter((job) => job.id !== id) ?? null;
    if (jobShown.value === id) show(null);
  } catch (error) {
    say(sentence(error));
  }
  mark(id, false);
}

function mark(id: string, isGoing: boolean): void {
  const ids = new Set(going.value);
  if (isGoing) ids.add(id);
  else ids.delete(id);
  going.value = ids;
}
