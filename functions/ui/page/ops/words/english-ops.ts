const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

const amount = (jobs: number, objects: number, bytes: string) =>
  `${jobs > 0 ? `${count(jobs, 'job', 'jobs')} with ${count(objects, 'object', 'objects')}` : count(objects, 'piece', 'pieces')}, ${bytes}`;

/** Everything that the operator's page says, in English. The type of this is what another language must have. */
export const englishOps = {
  title: 'Operation',
  loading: 'Looking at it …',
  asOf: (time: string) => `As of ${time}`,
  forOperators: 'This page is for those who run this Montage. Yours is all there without it.',
  toMontage: 'To your clips and montages',
  none: 'none',
  notCounted: 'being counted',

  jobs: 'Jobs',
  states: {
    waiting: 'waiting for clips',
    analysing: 'analysing',
    planning: 'planning',
    rendering: 'rendering',
    upscaling: 'upscaling',
    assembling: 'assembling',
    done: 'done',
    failed: 'failed',
    cancelled: 'cancelled',
  },

  work: 'Work in hand',
  stage: 'Stage',
  waiting: 'Waiting',
  oldest: 'Oldest waits',
  atWork: 'At work',
  holders: 'Who is at work',

  functions: 'Functions',
  function: 'Function',
  replicas: 'Replicas',
  coldStarts: 'Cold starts',
  lastColdStart: 'The last took',
  neverStarted: (names: readonly string[]) => `Not needed so far: ${names.join(', ')}.`,
  onCluster:
    'Montage’s functions have no rights in Kubernetes, so this page can’t see them. Grafana shows their replicas and cold starts (knative/monitoring), and so does:',

  store: 'Store',
  bucket: 'Bucket',
  objects: 'Objects',
  size: 'Size',
  quota: 'Quota',
  quotaUsed: (percent: string, quota: string) => `${percent} of ${quota}`,
  free: (bytes: string) => `The disk has ${bytes} left.`,
  counted: (time: string) => `Counted at ${time}.`,

  failures: 'Recent failures',
  noFailures: 'Nothing has failed.',
  deadLetter: 'dead letter',
  deadLetterMeans: 'A dead letter: the broker has tried it until its last try failed.',
  retry: 'Retry',
  retryOf: (name: string) => `Retry ${name}`,
  retrying: (name: string) => `${name} is tried again.`,
  retried: 'was retried',
  past: 'cancelled or changed since',
  version: (number: number) => `version ${number}`,

  lostCalls: 'Calls of hooks that were given up',
  tries: (number: number) => count(number, 'try', 'tries'),
  ofTest: 'a test',

  cleaning: 'Cleaning',
  cleaningMeans:
    'What open jobs need always stays. Rendered pieces are made again where they are needed; a deleted job is gone, with its montage and the links to it.',
  kinds: { segments: 'Rendered pieces in the cache', jobs: 'Jobs that are done, failed or cancelled' },
  olderThan: 'older than, in days',
  look: 'See what would go',
  lookOf: (kind: string) => `See what would go: ${kind}`,
  counting: 'Counting …',
  nothingOld: 'Nothing is that old.',
  wouldGo: (jobs: number, objects: number, bytes: string) =>
    `${amount(jobs, objects, bytes)}, would go${jobs > 0 ? ' for good' : ''}.`,
  clean: (jobs: number, objects: number) =>
    `Delete ${jobs > 0 ? count(jobs, 'job', 'jobs') : count(objects, 'piece', 'pieces')}`,
  cleaningNow: (jobs: number, objects: number, bytes: string) => `Deleting: ${amount(jobs, objects, bytes)} so far …`,
  cleaned: (jobs: number, objects: number, bytes: string) => `Deleted: ${amount(jobs, objects, bytes)}.`,
};

/** What a language must have. */
export type OpsWords = typeof englishOps;
