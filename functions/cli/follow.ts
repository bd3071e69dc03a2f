import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../../shared/refusal.ts';
import type { JobStatus } from '../../shared/status.ts';
import { Interrupted, interrupted } from './exit.ts';
import { LiveLine } from './live-line.ts';
import { Pace, progressLine } from './progress.ts';
import type { CommonOptions, Session } from './session.ts';

const POLL_MS = 300;

/**
 * Shows a job's progress until it is done. Ctrl-C cancels the job.
 *
 * @throws {Refusal} with the job's own reason when it fails, `Interrupted` when it is cancelled by Ctrl-C.
 */
export async function follow(
  { client, trouble }: Pick<Session, 'client' | 'trouble'>,
  asked: JobStatus,
  options: CommonOptions,
): Promise<JobStatus> {
  using line = new LiveLine(process.stderr, options.quiet ?? false);
  const pace = new Pace();
  let job = asked;
  const said = new Set<string>();
  for (;;) {
    for (const { file, reason } of job.clips?.rejected ?? []) {
      if (!said.has(file)) line.note(`Left out ${file}: ${reason}`);
      said.add(file);
    }
    if (job.state === 'done') return job;
    const sentence = trouble();
    if (sentence) throw new Refusal(sentence);
    if (job.state === 'failed') throw new Refusal(failureSentence(job));
    if (job.state === 'cancelled') {
      if (!interrupted.aborted) throw new Refusal(`The job ${job.id} was cancelled`);
      line.note('Cancelled');
      throw new Interrupted('Cancelled');
    }
    line.show(progressLine(job, pace.secondsLeft(job, Date.now())));
    await sleep(POLL_MS, undefined, { signal: interrupted }).catch(() => {});
    if (interrupted.aborted && !said.has('cancelled')) {
      said.add('cancelled');
      line.show('Cancelling');
      await client.cancel(job.id).catch(() => {});
    }
    job = await client.job(job.id);
  }
}

function failureSentence(job: JobStatus): string {
  return job.failure?.reason ?? `The job ${job.id} failed without saying why`;
}
