import type { DeliveryManifest } from './manifests.ts';

const LONGEST_SECONDS = 60;

/**
 * How long to wait before try number `attempt` (the first retry is 1), in seconds, as Knative counts it:
 * exponential doubles the delay each time from the delay itself on, linear adds it. A minute at most.
 *
 * Source: knative.dev/eventing, pkg/kncloudevents/retries.go.
 */
export function backoffSeconds(
  { backoff, backoffDelaySeconds }: Pick<DeliveryManifest, 'backoff' | 'backoffDelaySeconds'>,
  attempt: number,
): number {
  const times = backoff === 'exponential' ? 2 ** (attempt - 1) : attempt - 1;
  return Math.min(LONGEST_SECONDS, backoffDelaySeconds * times);
}

/** Whether an answer may be another one later. Knative gives up at once on other codes of the 4xx kind (SelectiveRetry, same file). */
export function mayPass(status: number): boolean {
  return status >= 500 || status < 100 || [404, 408, 409, 429].includes(status);
}
