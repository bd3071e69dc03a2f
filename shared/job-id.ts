import { createHash } from 'node:crypto';

/**
 * A job's id: the set's name as far as it can stand in an address, and ten hex digits of what makes the job itself.
 * The same set and identity give the same id, so the same request twice is one job.
 */
export function jobId(footageSet: string, identity: string): string {
  const slug = footageSet
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  const digest = createHash('sha256')
    .update(JSON.stringify([footageSet, identity]))
    .digest('hex')
    .slice(0, 10);
  return `${slug || 'job'}-${digest}`;
}
