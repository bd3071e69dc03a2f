import type { JobStatus } from '../../shared/status.ts';
import { follow } from './follow.ts';
import { pendingPods } from './pending-pods.ts';
import { progressLine } from './progress.ts';
import { type CommonOptions, openSession } from './session.ts';

function print(job: JobStatus, options: CommonOptions): void {
  process.stdout.write(options.json ? `${JSON.stringify(job)}\n` : `${inWords(job)}\n`);
}

function inWords(job: JobStatus): string {
  const standing = {
    done: `done: output/${job.id}/r${job.revision}/`,
    failed: `failed: ${job.failure?.reason}`,
    cancelled: 'cancelled',
  } as Partial<Record<JobStatus['state'], string>>;
  return `${job.id}  ${job.style}  ${standing[job.state] ?? progressLine(job, null)}`;
}

export async function list(options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  const jobs = await session.client.jobs();
  if (jobs.length === 0 && !options.json && !options.quiet) process.stderr.write('There are no jobs yet\n');
  for (const job of jobs) print(job, options);
}

/** With a cluster's `namespace`, also the pods there that don't run, and why. */
export async function status(
  id: string,
  { namespace, ...options }: CommonOptions & { namespace?: string },
): Promise<void> {
  await using session = await openSession(options, { works: false });
  const job = await session.client.job(id);
  if (namespace === undefined) return print(job, options);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...job, pendingPods: await pendingPods(namespace) })}\n`);
    return;
  }
  print(job, options);
  for (const pod of await pendingPods(namespace))
    process.stdout.write(`  ${pod.function} does not run: ${pod.reason}\n`);
}

export async function cancel(id: string, options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: false });
  print(await session.client.cancel(id), options);
}

/** Works until the job is done, since without a server nobody else would. */
export async function retry(id: string, options: CommonOptions): Promise<void> {
  await using session = await openSession(options, { works: true });
  print(await follow(session, await session.client.retry(id), options), options);
}
