/** A job's place in a stage: how much it has asked for that isn't finished, and how much it would like to ask for. */
export interface Queue {
  job: string;
  open: number;
  waiting: number;
}

/** Requests that may be open for a stage: what its pods can work on, and as many again so that none of them waits for us. */
export function windowSize(capacity: number): number {
  return capacity * 2;
}

/**
 * How many new requests each job may make now. The window is shared fairly: each free place goes to the job that has the
 * fewest open requests, the first in the list where they are equal (max–min fairness).
 */
export function grant(queues: readonly Queue[], size: number): Map<string, number> {
  const granted = new Map(queues.map(({ job }) => [job, 0]));
  const count = (queue: Queue) => queue.open + (granted.get(queue.job) ?? 0);
  let free = size - queues.reduce((sum, { open }) => sum + open, 0);
  while (free > 0) {
    const hungry = queues.filter((queue) => (granted.get(queue.job) ?? 0) < queue.waiting);
    const next = hungry.reduce<Queue | null>(
      (least, queue) => (least && count(least) <= count(queue) ? least : queue),
      null,
    );
    if (!next) break;
    granted.set(next.job, (granted.get(next.job) ?? 0) + 1);
    free -= 1;
  }
  return granted;
}
