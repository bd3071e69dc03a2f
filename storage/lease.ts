import { setTimeout as sleep } from 'node:timers/promises';
import { type Lease, LeaseSchema } from '../shared/job.ts';
import { cacheKeys, LEASES, type Leased } from '../shared/keys.ts';
import { log } from '../shared/log.ts';
import { sentenceOf } from '../shared/refusal.ts';
import { readJsonOrNull } from './read-json.ts';
import type { Store } from './store.ts';

const RETRY_SECONDS = 1;
const NOBODYS: Lease = { holder: 'nobody', expiresAt: new Date(0).toISOString(), released: true };

export interface LeaseOptions {
  /**
   * What the work is taken up for, as the key of a request. While another one's lease stands that was taken for the very same, the
   * taker waits until it sees whether that one lives: what was asked for once is delivered again when its holder is thought dead.
   * Default: nothing, and nobody waits.
   */
  reason?: string;
  /** How long a lease lasts unless renewed. */
  seconds?: number;
  renewSeconds?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** A lease that is ours and is renewed until `done` or `giveBack`. */
export interface HeldLease {
  /** Aborted with an Error when the lease is lost: somebody else may be at the same work now. */
  signal: AbortSignal;
  /** The work is done: removes the lease. */
  done(): Promise<void>;
  /** The work failed: anyone may take it at once, and it doesn't count as lost until the lease would have expired. */
  giveBack(): Promise<void>;
}

/**
 * Says that `holder` is at work on one item of a stage, unless somebody else is. Of any number of takers at once exactly one gets
 * it: by create-if-absent, or by compare-and-set where an expired or given back lease lies there.
 *
 * @returns null where another one is at it.
 */
export async function takeLease(
  store: Store,
  stage: Leased,
  item: string,
  holder: string,
  { reason, seconds = 15, renewSeconds = 5, now = Date.now }: LeaseOptions = {},
): Promise<HeldLease | null> {
  const key = cacheKeys.lease(stage, item);
  const fresh = (): Lease => ({
    holder,
    reason,
    expiresAt: new Date(now() + seconds * 1000).toISOString(),
    released: false,
  });
  let before: Lease | null = null;
  for (;;) {
    const lease = fresh();
    const etag = await claim(store, key, lease, now());
    if (etag !== null) return hold(store, key, { lease, etag, fresh, renewSeconds, now });
    const standing = await readLease(store, key);
    const renewed = before !== null && before.expiresAt !== standing?.expiresAt;
    if (!standing || reason === undefined || standing.reason !== reason || renewed) return null;
    before = standing;
    await sleep(RETRY_SECONDS * 1000);
    // Gone: it is done.
    if (!(await store.stat('cache', key))) return null;
  }
}

/** Who is at work now, by `<stage>/<item>`. */
export async function leasesNow(store: Store): Promise<Map<string, Lease>> {
  const leases = new Map<string, Lease>();
  for await (const { key } of store.list('cache', LEASES)) {
    const name = key.slice(LEASES.length, -'.json'.length);
    const lease = LeaseSchema.safeParse(await readJsonOrNull(store, 'cache', key));
    if (lease.success) leases.set(name, lease.data);
  }
  return leases;
}

async function claim(store: Store, key: string, lease: Lease, nowMilliseconds: number): Promise<string | null> {
  const created = await store.putOnce('cache', key, JSON.stringify(lease));
  if (created) return created.etag;
  // The ETag comes before the content, so that content newer than it can only make the compare-and-set fail.
  const standing = await store.stat('cache', key);
  if (!standing) return null;
  const current = await readLease(store, key);
  if (!current || isLive(current, nowMilliseconds)) return null;
  return (await store.replace('cache', key, JSON.stringify(lease), standing.etag))?.etag ?? null;
}

/** Whether somebody is at the work of a lease. */
export function isLive({ released, expiresAt }: Lease, nowMilliseconds: number): boolean {
  return !released && Date.parse(expiresAt) > nowMilliseconds;
}

/** The lease, or null when it has just been removed. What isn't one, as of another version of Montage, holds nobody up. */
async function readLease(store: Store, key: string): Promise<Lease | null> {
  try {
    const json = await readJsonOrNull(store, 'cache', key);
    return json === null ? null : (LeaseSchema.safeParse(json).data ?? NOBODYS);
  } catch (error) {
    if (error instanceof SyntaxError) return NOBODYS;
    throw error;
  }
}

/** Our own lease as it stands, when a renewal reached the store but its answer didn't reach us; null when it is another's. */
async function renewedUnheard(store: Store, key: string, holder: string): Promise<Pick<Held, 'lease' | 'etag'> | null> {
  const standing = await store.stat('cache', key);
  const lease = standing && (await readLease(store, key));
  return lease?.holder === holder ? { lease, etag: standing?.etag ?? '' } : null;
}

interface Held {
  lease: Lease;
  etag: string;
  fresh: () => Lease;
  renewSeconds: number;
  now: () => number;
}

function hold(store: Store, key: string, { lease, etag, fresh, renewSeconds, now }: Held): HeldLease {
  const lost = new AbortController();
  let current = { lease, etag };
  let ended = false;
  let renewing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  const lose = () => lost.abort(new Error('Another process has taken over this piece of work'));
  const renewIn = (waitSeconds: number) => {
    timer = setTimeout(() => {
      renewing = renew();
    }, waitSeconds * 1000);
    timer.unref();
  };
  const renew = async () => {
    const next = fresh();
    try {
      const replaced = await store.replace('cache', key, JSON.stringify(next), current.etag);
      const ours = replaced
        ? { lease: next, etag: replaced.etag }
        : await renewedUnheard(store, key, current.lease.holder);
      if (!ours) return lose();
      current = ours;
      if (!ended) renewIn(renewSeconds);
    } catch (error) {
      log.warn('A lease could not be renewed; trying again', { lease: key, reason: sentenceOf(error) });
      if (!isLive(current.lease, now())) lose();
      else if (!ended) renewIn(Math.min(RETRY_SECONDS, renewSeconds));
    }
  };
  const stop = async () => {
    ended = true;
    clearTimeout(timer);
    await renewing;
  };

  renewIn(renewSeconds);
  return {
    signal: lost.signal,
    async done() {
      await stop();
      if (lost.signal.aborted) return;
      if ((await store.stat('cache', key))?.etag === current.etag) await store.delete('cache', key);
    },
    async giveBack() {
      await stop();
      if (lost.signal.aborted) return;
      await store.replace('cache', key, JSON.stringify({ ...current.lease, released: true }), current.etag);
    },
  };
}
