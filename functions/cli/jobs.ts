import type { JobStatus } from '../../shared/status.ts';
import { WrongUse } from './exit.ts';
import { follow } from './follow.ts';
import { pendingPods } from './pending-pods.ts';
import { progressLine } from './progress.ts';
import { type CommonOptions, openSession } from './session.ts';

function print(job: JobStatus, options: CommonOptions): void {
  process.stdout.write(options.json ? `${JSON.stringify(job)}\n` : `${inWords(job, options)}\n`);
}

/** Where a finished job is found: on this machine in a folder, elsewhere on its page. */
const placeOf = ({ id, revision }: JobStatus, { server }: CommonOptions): string =>
  server === undefined ? `output/${id}/r${revision}/` : `${server.replace(/\/+$/, '')}/jobs/${encodeURIComponent(id)}`;

function inWords(job: JobStatus, options: CommonOptions): string {
  const standing = {
    done: `done: ${placeOf(job, options)}`,
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

/** How a job stands; with a cluster's `namespace`, also the pods there that don't run, and why, or only these where no job is named. */
export async function status(
  id: string | undefined,
  { namespace, ...options }: CommonOptions & { namespace?: string },
): Promise<void> {
  if (id === undefined && namespace === undefined)
    throw new WrongUse('Name a job, or a cluster’s namespace with --namespace');
  // The pods may be why the server doesn't answer, so they are asked for and said first.
  const pods = namespace === undefined ? [] : await pendingPods(namespace);
  const sayPods = () => {
    for (const pod of pods) process.stdout.write(`${pod.function} does not run: ${pod.reason}\n`);
  };
  if (id === undefined) {
    if (options.json) process.stdout.write(`${JSON.stringify({ pendingPods: pods })}\n`);
    else if (pods.length === 0 && !options.quiet)
      process.stderr.write(`All pods in ${namespace} run or wait for work\n`);
    else sayPods();
    return;
  }
  if (!options.json) sayPods();
  await using session = await openSession(options, { works: false });
  const job = await session.client.job(id);
  if (options.json && namespace !== undefined)
    process.stdout.write(`${JSON.stringify({ ...job, pendingPods: pods })}\n`);
  else print(job, options);
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
