/**
 * Whose something is. Where people sign in, all that belongs to one of them is named after them, so a name alone says whose it is:
 * sets `<owner>~<name>`, songs `<owner>~/<file>`, and jobs, whose ids begin with their set's name. What is named otherwise belongs to
 * nobody: it was there before people had to sign in, or whoever runs the store put it there.
 */
import { z } from 'zod';

const DIGITS = '[0-9a-f]{12}';
/** A disk may not tell upper case from lower: what would be somebody's there is not nobody's. */
const OF_NAME = new RegExp(`^(${DIGITS})~/?`, 'i');
const OF_JOB = new RegExp(`^(${DIGITS})-`);

/** Twelve hex digits; they say nothing of the person. */
export const OwnerSchema = z.string().regex(new RegExp(`^${DIGITS}$`));
export type Owner = z.infer<typeof OwnerSchema>;

/** What the names of somebody's sets begin with; of nobody's, nothing. */
export const ownSets = (owner: Owner | null): string => (owner === null ? '' : `${owner}~`);

/** What the keys of somebody's songs begin with. */
export const ownSongs = (owner: Owner | null): string => (owner === null ? '' : `${owner}~/`);

/** What the ids of somebody's jobs begin with. */
export const ownJobs = (owner: Owner): string => `${owner}-`;

/** Whose set, or whose object in `input` or `music`, is named so; null where it is nobody's. */
export const ownerOfName = (name: string): Owner | null => OF_NAME.exec(name)?.[1] ?? null;

/** Whose job has this id. Nobody's may look like somebody's; nobody who signs in can make one that looks like another's. */
export const ownerOfJob = (job: string): Owner | null => OF_JOB.exec(job)?.[1] ?? null;

/** A set's or song's name as its owner calls it. */
export const ownName = (name: string): string => name.replace(OF_NAME, '');
