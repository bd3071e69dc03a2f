/** What is to be done for a service right now. */
interface Load {
  /** Requests that instances are working on. */
  inFlight: number;
  /** Requests that wait for an instance. */
  queued: number;
}

export interface ScaleLimits {
  /** Requests that one instance works on at a time. */
  concurrency: number;
  minScale: number;
  maxScale: number;
  /** How long the last instance is kept without work, in seconds, where that is longer than for any other. */
  retentionSeconds: number;
}

/** A service on one machine: no more instances than cores, since each may keep one busy. */
export function limitsOn(cores: number, manifest: ScaleLimits): ScaleLimits {
  const maxScale = Math.max(1, Math.min(manifest.maxScale, cores));
  const { concurrency, retentionSeconds } = manifest;
  return { concurrency, retentionSeconds, maxScale, minScale: Math.min(manifest.minScale, maxScale) };
}

/** How many requests of a service can be worked on at once. */
export function capacityOf({ concurrency, maxScale }: ScaleLimits): number {
  return concurrency * maxScale;
}

/** How many instances this load asks for: enough for all of it, within the limits. */
export function wantedInstances(
  { inFlight, queued }: Load,
  { concurrency, minScale, maxScale }: Omit<ScaleLimits, 'retentionSeconds'>,
): number {
  return Math.min(maxScale, Math.max(minScale, Math.ceil((inFlight + queued) / concurrency)));
}

/**
 * Which idle instances have been so for long enough to be ended, the longest idle first.
 * `idleSince` holds, for each instance, when it had its last work, in milliseconds; null while it has some.
 * As many as `minScale` are kept, whether at work or not, and the last of all for `retentionSeconds`.
 */
export function expired(
  idleSince: readonly (number | null)[],
  now: number,
  idleSeconds: number,
  { minScale, retentionSeconds }: Pick<ScaleLimits, 'minScale' | 'retentionSeconds'>,
): number[] {
  const isOver = (since: number, seconds: number) => now - since >= seconds * 1000;
  const longest = idleSince
    .flatMap((since, index) => (since !== null && isOver(since, idleSeconds) ? [{ since, index }] : []))
    .sort((a, b) => a.since - b.since)
    .slice(0, Math.max(0, idleSince.length - minScale));
  const last = longest.at(-1);
  const keepsLast = longest.length === idleSince.length && last && !isOver(last.since, retentionSeconds);
  return (keepsLast ? longest.slice(0, -1) : longest).map(({ index }) => index);
}
