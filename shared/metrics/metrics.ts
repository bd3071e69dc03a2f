/** Every metric there is: its name by Prometheus' conventions, what it says, and its labels. `function` is a label of all. */

interface Metric {
  readonly name: `montage_${string}`;
  readonly help: string;
  /** Of few values each: never a job, a key or anything else that somebody makes up. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in its unit; null for a counter. */
  readonly buckets: readonly number[] | null;
}

const SHORT_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60] as const;
const LONG_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600] as const;

export const METRICS = {
  events: {
    name: 'montage_events_total',
    help: 'Events by how they were dealt with: done, failed, or ahead of their work (only had the function start).',
    labels: ['type', 'outcome'],
    buckets: null,
  },
  eventFailures: {
    name: 'montage_event_failures_total',
    help: 'Events that failed, by what went wrong: refused, ffmpeg, store, object, other.',
    labels: ['reason'],
    buckets: null,
  },
  eventAge: {
    name: 'montage_event_age_seconds',
    help: 'From an object’s arrival in the store to the function’s first work on its event, retries included.',
    labels: [],
    buckets: LONG_SECONDS,
  },
  workDuration: {
    name: 'montage_work_duration_seconds',
    help: 'How long an event was worked on.',
    labels: ['outcome'],
    buckets: LONG_SECONDS,
  },
  jobsEnded: {
    name: 'montage_jobs_ended_total',
    help: 'Revisions of jobs that were done, failed (in which stage) or cancelled, as reconcile heard of it.',
    labels: ['state', 'stage'],
    buckets: null,
  },
  coldStart: {
    name: 'montage_cold_start_seconds',
    help: 'From the start of the process to its being ready; its count is that of cold starts.',
    labels: [],
    buckets: [0.1, 0.2, 0.3, 0.5, 1, 2, 5],
  },
  readBytes: {
    name: 'montage_read_bytes_total',
    help: 'Bytes read from the store; not those that ffmpeg reads from a file where it lies.',
    labels: ['bucket'],
    buckets: null,
  },
  writtenBytes: {
    name: 'montage_written_bytes_total',
    help: 'Bytes of objects written to the store.',
    labels: ['bucket'],
    buckets: null,
  },
  storeCalls: {
    name: 'montage_store_call_duration_seconds',
    help: 'Calls of the store; of a stream, until it is open.',
    labels: ['operation', 'outcome'],
    buckets: SHORT_SECONDS,
  },
  mediaRuns: {
    name: 'montage_media_run_duration_seconds',
    help: 'Runs of ffmpeg and ffprobe by how they ended: done, failed, late, stopped.',
    labels: ['program', 'outcome'],
    buckets: LONG_SECONDS,
  },
  renderedMedia: {
    name: 'montage_rendered_media_seconds_total',
    help: 'Seconds of picture that were encoded, by render; and once more where upscale made them larger.',
    labels: [],
    buckets: null,
  },
  encodeSpeed: {
    name: 'montage_encode_speed_ratio',
    help: 'Seconds of picture encoded a second, for each segment or upscaled chunk, from opening its sources to the finished file.',
    labels: [],
    buckets: [0.125, 0.25, 0.5, 1, 2, 4, 8, 16],
  },
  httpRequests: {
    name: 'montage_http_request_duration_seconds',
    help: 'Requests by the template of their path, until the answer was sent; a watched job’s takes minutes.',
    labels: ['method', 'route', 'status'],
    buckets: SHORT_SECONDS,
  },
} as const satisfies Record<string, Metric>;

export type MetricId = keyof typeof METRICS;
export type CounterId = { [Id in MetricId]: (typeof METRICS)[Id]['buckets'] extends null ? Id : never }[MetricId];
export type HistogramId = Exclude<MetricId, CounterId>;
export type Labels<Id extends MetricId> = Record<(typeof METRICS)[Id]['labels'][number], string>;
