import { signal } from '@preact/signals';
import { Refused } from '../../../../shared/api/client.ts';
import type { FunctionsNow, Ops } from '../../../../shared/api/ops.ts';
import { say } from '../said.ts';
import { client, sentence } from '../server.ts';
import { opsWords } from './words/ops-words.ts';

/** How everything stood when it was asked last. */
export const news = signal<{ ops: Ops; functions: FunctionsNow | null; at: Date } | null>(null);
/** Why it can't be asked now. */
export const trouble = signal<string | null>(null);
/** Whether whoever is signed in is no operator. */
export const isForOthers = signal(false);
/** Jobs whose retry is just being asked for. */
export const retrying = signal<ReadonlySet<string>>(new Set());

const EVERY_MS = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking: Promise<void> | null = null;

/** Asks now, and then every few seconds while somebody can see the page. */
export function follow(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void askAgain();
  });
  void askAgain();
}

/** Asks how everything stands, unless that is being done. */
export function askAgain(): Promise<void> {
  clearTimeout(timer);
  asking ??= ask().finally(() => {
    asking = null;
    if (document.visibilityState === 'visible' && !isForOthers.value)
      timer = setTimeout(() => void askAgain(), EVERY_MS);
  });
  return asking;
}

async function ask(): Promise<void> {
  try {
    const [ops, functions] = await Promise.all([client.ops(), client.functions()]);
    news.value = { ops, functions, at: new Date() };
    trouble.value = null;
    isForOthers.value = false;
  } catch (error) {
    trouble.value = sentence(error);
    isForOthers.value = error instanceof Refused && error.status === 403;
  }
}

/** Has a failed job tried again. */
export async function retry(job: string, name: string): Promise<void> {
  retrying.value = new Set([...retrying.value, job]);
  try {
    await client.retry(job);
    say(opsWords.value.retrying(name));
  } catch (error) {
    say(sentence(error));
  }
  // What is under way may have been asked before.
  await asking;
  await askAgain();
  retrying.value = new Set([...retrying.value].filter((each) => each !== job));
}
