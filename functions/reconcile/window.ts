/** A job's place in a stage. */
export interface Queue {
  job: string;
  /** How much it has asked for that isn't finished. */
  open: number;
  /** How much it has asked for in all, finished or not. */
  asked: number;
  /** How much it would like to ask for. */
  waiting: number;
}

/** Requests that may be open for a stage: what its pods can work on, and as many again so that none of them waits for us. */
export function windowSize(capacity: number): number {
  return capacity * 2;
}

/**
 * How many new requests each job may make now. The window is shared fairly: each free place goes to the job that has the fewest
 * open requests (max–min fairness), and of several such to the one that has asked for least so far: the places left over when
 * the window can't be shared evenly would else always be the same job's, which would go twice as fast as the others.
 */
export function grant(queues: readonly Queue[], size: number): Map<string, number> {
  const granted = new Map(queues.map(({ job }) => [job, 0]));
  const more = ({ job }: Queue) => granted.get(job) ?? 0;
  const before = (a: Queue, b: Queue) => a.open + more(a) - b.open - more(b) || a.asked + more(a) - b.asked - more(b);
  let free = size - queues.reduce((sum, { open }) => sum + open, 0);
  while (free > 0) {
    const hungry = queues.filter((queue) => more(queue) < queue.waiting);
    const [next] = hungry.toSorted(before);
    if (!next) break;
    granted.set(next.job, more(next) + 1);
    free -= 1;
  }
  return granted;
}
