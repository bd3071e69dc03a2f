import { effect, signal } from '@preact/signals';
import { pathOf } from '../../../../shared/api/client.ts';
import { hasEnded } from '../../../../shared/job.ts';
import { type Report, ReportSchema } from '../../../../shared/report.ts';
import { type JobStatus, JobStatusSchema, madeSoFar } from '../../../../shared/status.ts';
import { chooseSet, isStored, opened, setName } from '../gather/library.ts';
import { underWay } from '../gather/uploading.ts';
import { client, isAway, sentence } from '../server.ts';
import { setHere } from '../sign-in/own-names.ts';
import { jobShown } from './address.ts';
import { type Sample, withSample } from './time-left.ts';

/** The job that the page shows, as far as it is known. */
export interface Watched {
  readonly job: string;
  readonly status: JobStatus | null;
  /** How far the rendering, or then the upscaling, had got and when, since it was looked at. */
  readonly samples: readonly Sample[];
  /** Whether the connection is lost, so that all this may be old. */
  readonly lost: boolean;
  /** Why there is nothing to show. */
  readonly gone: 'deleted' | 'unknown' | null;
  /** Of the revision that is shown, once it is finished. */
  readonly report: Report | null;
  /** Why something that was asked of it was refused. */
  readonly refused: string | null;
}
/** The one that is shown; null while a new one is gathered. */
export const watched = signal<Watched | null>(null);

const COME_BACK_MS = 2000;
const LOST_MS = 4000;

let source: EventSource | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Shows the job of the address, as it changes, for as long as it is the one. One that has ended is looked at again whenever a person comes
 * back to the page: somebody else may have changed it, and to ask all the time would keep a function up for nothing.
 */
export function watchAddress(): void {
  addEventListener('focus', lookAgain);
  document.addEventListener('visibilitychange', lookAgain);
  effect(() => {
    const job = jobShown.value;
    stop();
    watched.value =
      job === null ? null : { job, status: null, samples: [], lost: false, gone: null, report: null, refused: null };
    if (job !== null) void begin(job);
  });
}

function lookAgain(): void {
  const { job, status } = watched.peek() ?? {};
  if (job && status && hasEnded(status) && !source && document.visibilityState === 'visible') void begin(job);
}

function stop(): void {
  source?.close();
  source = null;
  clearTimeout(timer);
}

function update(job: string, change: Partial<Watched>): void {
  if (watched.value?.job === job) watched.value = { ...watched.value, ...change };
}

/** An event stream can't say why there is none, so the job itself is asked for first. */
async function begin(job: string): Promise<void> {
  try {
    const status = await client.job(job);
    if (jobShown.value !== job) return;
    take(status);
    void showSet(job, status.footageSet);
    if (!hasEnded(status)) listen(job);
  } catch (error) {
    if (jobShown.value !== job) return;
    if (!isAway(error)) return update(job, { gone: 'unknown' });
    update(job, { lost: true });
    timer = setTimeout(() => void begin(job), COME_BACK_MS);
  }
}

/** The clips beneath a montage are those of its set, unless others are just being sent. */
async function showSet(job: string, name: string): Promise<void> {
  await opened.promise;
  const set = await setHere(name);
  if (jobShown.value === job && setName.value !== set && underWay.value.length === 0 && isStored(set))
    await chooseSet(set);
}

function listen(job: string): void {
  stop();
  const events = new EventSource(pathOf('watchJob', { parameters: { job } }));
  source = events;
  let losing: ReturnType<typeof setTimeout> | undefined;
  events.onopen = () => {
    clearTimeout(losing);
    losing = undefined;
    update(job, { lost: false });
  };
  events.addEventListener('job', ({ data }: MessageEvent<string>) => {
    const status = JobStatusSchema.safeParse(JSON.parse(data)).data;
    if (!status) return;
    take(status);
    if (hasEnded(status)) stop();
  });
  events.addEventListener('deleted', () => {
    stop();
    update(job, { gone: 'deleted' });
  });
  events.onerror = () => {
    if (source !== events) return;
    // Answers end after some minutes, and the next one begins at once: that is no loss.
    losing ??= setTimeout(() => source === events && update(job, { lost: true }), LOST_MS);
    // A browser comes back by itself, with the last id, unless it was turned away.
    if (events.readyState !== EventSource.CLOSED) return;
    stop();
    timer = setTimeout(() => void begin(job), COME_BACK_MS);
  };
}

function take(status: JobStatus): void {
  const before = watched.value;
  if (before?.job !== status.id) return;
  const made = madeSoFar(status);
  const earlier = before.status?.state === status.state ? before.samples : [];
  const samples = made ? withSample(earlier, { at: Date.now(), madeFrames: made.madeFrames }) : [];
  const report = before.status?.revision === status.revision ? before.report : null;
  update(status.id, { status, samples, report, lost: false });
  if (status.state === 'done' && !report) void readReport(status.id);
}

async function readReport(job: string): Promise<void> {
  try {
    const json = await client.output(job, 'report.json', (content) => new Response(content).json());
    update(job, { report: ReportSchema.parse(json) });
  } catch (error) {
    if (isAway(error)) timer = setTimeout(() => void readReport(job), COME_BACK_MS);
    else update(job, { refused: sentence(error) });
  }
}

/** Says why something that was asked of the job that is shown was refused. */
export function refuse(reason: string): void {
  if (watched.value) update(watched.value.job, { refused: reason });
}

/** Takes what the server answered about the job that is shown, and follows it from there. */
export function follow(status: JobStatus): void {
  take(status);
  if (!hasEnded(status) && jobShown.value === status.id) listen(status.id);
}

/** Stops the work on the job that is shown. */
export const cancel = () => act((job) => client.cancel(job));

/** Has a failed job tried again from where it stopped. */
export const retry = () => act((job) => client.retry(job));

async function act(ask: (job: string) => Promise<JobStatus>): Promise<void> {
  const job = watched.value?.job;
  if (job === undefined) return;
  update(job, { refused: null });
  try {
    follow(await ask(job));
  } catch (error) {
    update(job, { refused: sentence(error) });
  }
}
