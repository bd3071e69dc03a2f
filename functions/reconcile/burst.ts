import type { CloudWork } from '../../storage/cloud-work.ts';
import { windowSize } from './window.ts';

/** GPUs of one kind, as far as chunks are concerned. */
export interface PoolNow {
  /** Chunks that its pods can make at once. */
  capacity: number;
  /** Chunks that were asked of it and aren't there yet. */
  open: number;
  /** How long one takes, by those that were made; null while none was. */
  secondsEach: number | null;
}

/** What the own GPUs and those of a cloud have before them. */
export interface Burst {
  /** Chunks that could be made and aren't asked for. */
  waiting: number;
  own: PoolNow;
  cloud: PoolNow;
  /** How long the own GPUs may take for all of it. */
  afterSeconds: number;
  /** How long the cloud's have worked in this month, and may. */
  spent: CloudWork;
  mostSeconds: number;
}

/**
 * How many of the chunks that wait are to be asked of the cloud now: those that the own GPUs wouldn't have made in time, as far as the
 * cloud's pods can take them and the month's minutes last, what is open there counted as spent. What the own GPUs can begin is theirs;
 * and while nobody knows how long they take, all of it.
 */
export function forCloud({ waiting, own, cloud, afterSeconds, spent, mostSeconds }: Burst): number {
  if (own.secondsEach === null) return 0;
  const inTime = Math.floor((afterSeconds * own.capacity) / own.secondsEach);
  const late = own.open + waiting - Math.max(inTime, windowSize(own.capacity));
  const room = windowSize(cloud.capacity) - cloud.open;
  // What broke off at once makes the month's mean small: a chunk counts for no less than one that was made, there or here.
  const mean = spent.times === 0 ? 0 : spent.seconds / spent.times;
  const costEach = Math.max(own.secondsEach, cloud.secondsEach ?? 0, mean);
  const paidFor = Math.floor((mostSeconds - spent.seconds) / costEach) - cloud.open;
  return Math.max(0, Math.min(late, waiting, room, paidFor));
}
