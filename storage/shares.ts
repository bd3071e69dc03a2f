import type { z } from 'zod';
import { jobRequestKey, outputKeys, sharedFileKey, shareKeys } from '../shared/keys.ts';
import { Refusal } from '../shared/refusal.ts';
import { LinkSchema, SHARED_FILES, type Share, ShareSchema } from '../shared/shares.ts';
import { readNote } from './read-json.ts';
import type { Store } from './store.ts';

/**
 * Writes a share down, unless there is one of that id; gives back the one that there is. Nothing leads to it yet.
 *
 * @throws {Refusal} when that one has gone in this moment.
 */
export async function keepShare(store: Store, share: Share): Promise<{ share: Share; isNew: boolean }> {
  const key = shareKeys.share(share.job, share.id);
  const isNew = (await store.putOnce('jobs', key, JSON.stringify(share))) !== null;
  const kept = isNew ? share : await read(store, key, ShareSchema);
  if (!kept) throw new Refusal('This link was just revoked; ask again with another Idempotency-Key');
  return { share: kept, isNew };
}

/**
 * Has the link of a share lead to its files, under names of their own: the address of a job's files says whose they are, and one that
 * was signed would work on after the link was revoked. Doing it again changes nothing.
 */
export async function openShare(store: Store, { id, job, revision, link, files }: Share): Promise<void> {
  const { root } = outputKeys(job, revision);
  for (const file of files) await store.copy('output', `${root}${file}`, sharedFileKey(id, file));
  await store.putOnce('jobs', shareKeys.link(link), JSON.stringify({ job, share: id }));
}

/** The share that a link leads to at a time; null where it leads nowhere, whatever the reason. */
export async function findShare(store: Store, link: string, now: Date): Promise<Share | null> {
  const found = await read(store, shareKeys.link(link), LinkSchema);
  const share = found && (await read(store, shareKeys.share(found.job, found.share), ShareSchema));
  return share && share.link === link && (await isAlive(store, share, now)) ? share : null;
}

/** The shares of a job that lead somewhere at a time, the oldest first. */
export async function sharesOf(store: Store, job: string, now: Date): Promise<Share[]> {
  const shares = await sharesIn(store, shareKeys.ofJob(job));
  return shares
    .filter((share) => !hasExpired(share, now))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
}

/** Ends a share, its files too; false when there is none. */
export async function removeShare(store: Store, job: string, id: string): Promise<boolean> {
  const key = shareKeys.share(job, id);
  const share = await read(store, key, ShareSchema);
  if (share) {
    await store.delete('jobs', shareKeys.link(share.link));
    // Only of a share of this job: the files' names say nothing of whose they are.
    for (const file of SHARED_FILES) await store.delete('output', sharedFileKey(id, file));
  }
  // Last, so that what was broken off can be asked for again.
  await store.delete('jobs', key);
  return share !== null;
}

/** Ends all shares of a job. */
export async function removeSharesOf(store: Store, job: string): Promise<void> {
  const prefix = shareKeys.ofJob(job);
  for await (const { key } of store.list('jobs', prefix))
    await removeShare(store, job, key.slice(prefix.length).replace(/\.json$/, ''));
}

/** Removes what has expired by a time, and what is left of shares of jobs that are no more: of one `job`, else of all. */
export async function clearShares(store: Store, now: Date, job?: string): Promise<void> {
  for (const share of await sharesIn(store, job === undefined ? shareKeys.all : shareKeys.ofJob(job)))
    if (!(await isAlive(store, share, now))) await removeShare(store, share.job, share.id);
}

const hasExpired = ({ expiresAt }: Share, now: Date): boolean => Date.parse(expiresAt) <= now.getTime();

/** Whether it lasts, and its job too: that may have been deleted while the share was made. */
const isAlive = async (store: Store, share: Share, now: Date): Promise<boolean> =>
  !hasExpired(share, now) && (await store.stat('jobs', jobRequestKey(share.job))) !== null;

/** All shares whose keys begin so. One that can't be read hides no other. */
async function sharesIn(store: Store, prefix: string): Promise<Share[]> {
  const shares: Share[] = [];
  for await (const { key } of store.list('jobs', prefix)) {
    const share = await read(store, key, ShareSchema);
    if (share) shares.push(share);
  }
  return shares;
}

const read = <T>(store: Store, key: string, schema: z.ZodType<T>): Promise<T | null> =>
  readNote(store, key, schema, 'a share');
