import { signal } from '@preact/signals';
import { type MadeShare, SHARE_HOURS, type ShownShare } from '../../../../shared/shares.ts';
import { freshIdentity } from '../fresh-identity.ts';
import { say } from '../said.ts';
import { client, sentence } from '../server.ts';
import { words } from '../words/language.ts';

/** How long a link can be asked to last on the page, in hours: a day, a week, a month, a year. */
export const LASTING_HOURS = [24, SHARE_HOURS.usual, 720, SHARE_HOURS.most] as const;

/** Whether the links of the montage are shown. */
export const linksOpen = signal(false);
/** Those that work, the newest first; null until they are known. */
export const links = signal<readonly ShownShare[] | null>(null);
/** The one that was just made, whose address is never to be had again. */
export const newLink = signal<MadeShare | null>(null);
/** Whether one is being made. */
export const isMaking = signal(false);
/** Why something could not be done with them, as a sentence. */
export const linkTrouble = signal<string | null>(null);

let job = '';

/** Shows the links of a job. */
export function shareLinks(of: string): void {
  job = of;
  links.value = null;
  newLink.value = null;
  linkTrouble.value = null;
  linksOpen.value = true;
  void trying(lookAgain);
}

/** Makes a link to a finished revision. */
export async function makeLink(revision: number, expiresInHours: number): Promise<void> {
  isMaking.value = true;
  await trying(async () => {
    const made = await client.share(job, { revision, expiresInHours }, freshIdentity());
    newLink.value = made;
    await lookAgain();
  });
  isMaking.value = false;
}

/** Has a link lead nowhere from now on. */
export const revoke = (id: string): Promise<void> =>
  trying(async () => {
    await client.unshare(job, id);
    if (newLink.value?.id === id) newLink.value = null;
    say(words.value.revoked);
    await lookAgain();
  });

async function lookAgain(): Promise<void> {
  const of = job;
  const found = await client.shares(of);
  if (of === job) links.value = found.reverse();
}

async function trying(work: () => Promise<void>): Promise<void> {
  linkTrouble.value = null;
  try {
    await work();
  } catch (error) {
    linkTrouble.value = sentence(error);
  }
}
