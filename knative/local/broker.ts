import { setTimeout as wait } from 'node:timers/promises';
import { backoffSeconds, mayPass } from './backoff.ts';
import { type CloudEvent, withAttributes } from './cloud-event.ts';
import type { Outcome } from './delivery.ts';
import type { RuntimeLog } from './log-lines.ts';
import type { TriggerManifest } from './manifests.ts';

interface BrokerOptions {
  triggers: readonly TriggerManifest[];
  /** Delivers an event to a service once, in the lane of the Trigger's name. Never throws. */
  deliver: (service: string, lane: string, event: CloudEvent, timeoutSeconds: number) => Promise<Outcome>;
  onLog: (entry: RuntimeLog) => void;
  signal: AbortSignal;
}

export interface BrokerStats {
  /** Deliveries that are waiting, under way, or to be tried again. */
  pending: number;
  delivered: number;
  retried: number;
  deadLettered: number;
}

/** Gives each event to every Trigger whose filters it passes, tries again with growing pauses, and then turns to the dead-letter sink. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #stats: BrokerStats = { pending: 0, delivered: 0, retried: 0, deadLettered: 0 };

  constructor(options: BrokerOptions) {
    this.#options = options;
  }

  /** Takes an event. What happens to it from here on is the broker's business. */
  publish(event: CloudEvent): void {
    for (const trigger of this.#options.triggers.filter((each) => passes(each, event))) {
      this.#stats.pending += 1;
      void this.#see(trigger, event).finally(() => {
        this.#stats.pending -= 1;
      });
    }
  }

  stats(): BrokerStats {
    return { ...this.#stats };
  }

  async #see(trigger: TriggerManifest, event: CloudEvent): Promise<void> {
    const { onLog } = this.#options;
    const { deadLetter } = trigger.delivery;
    const failure = await this.#deliver(trigger, trigger.subscriber, event);
    if (!failure) return;
    const fields = { type: event.attributes.type, subject: event.attributes.subject, reason: failure.body };
    if (!deadLetter) {
      onLog({ function: trigger.subscriber, severity: 'ERROR', message: 'gave up on an event', fields });
      return;
    }
    this.#stats.deadLettered += 1;
    onLog({ function: trigger.subscriber, severity: 'ERROR', message: 'gave up on an event: dead letter', fields });
    const letter = withAttributes(event, errorAttributes(trigger.subscriber, failure));
    const lost = await this.#deliver(trigger, deadLetter, letter);
    if (lost) {
      onLog({
        function: deadLetter,
        severity: 'ERROR',
        message: 'a dead letter could not be recorded',
        fields: { ...fields, reason: lost.body },
      });
    }
  }

  /** Delivers until it succeeds or retries run out; gives back the last failure, or null. Ends quietly when the runtime does. */
  async #deliver({ name, delivery }: TriggerManifest, service: string, event: CloudEvent): Promise<Outcome | null> {
    const { deliver, signal, onLog } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await deliver(service, name, event, delivery.timeoutSeconds);
      if (signal.aborted) return null;
      if (outcome.status >= 200 && outcome.status < 300) {
        this.#stats.delivered += 1;
        return null;
      }
      if (attempt > delivery.retries || !mayPass(outcome.status)) return outcome;
      const seconds = backoffSeconds(delivery, attempt);
      this.#stats.retried += 1;
      onLog({
        function: service,
        severity: 'WARN',
        message: 'failed; will be tried again',
        fields: { subject: event.attributes.subject, reason: outcome.body, attempt, inSeconds: seconds },
      });
      const stopped = await wait(seconds * 1000, false, { signal }).catch(() => true);
      if (stopped) return null;
    }
  }
}

/** Whether a Trigger wants this event: each of its filters must pass. */
export function passes(
  { filters }: Pick<TriggerManifest, 'filters'>,
  { attributes }: Pick<CloudEvent, 'attributes'>,
): boolean {
  return filters.every((alternatives) =>
    alternatives.some((exact) => Object.entries(exact).every(([name, value]) => attributes[name] === value)),
  );
}

const LONGEST_ERROR_DATA = 1024;

/**
 * What Knative adds to an event for the dead-letter sink: where it was to go, the last status, and the last answer in base64.
 *
 * Source: knative.dev/eventing, pkg/channel/attributes and pkg/kncloudevents/event_dispatcher.go.
 */
function errorAttributes(service: string, { status, body }: Outcome): Record<string, string> {
  const printable = [...body].filter((character) => character >= ' ' && character !== '\x7f').join('');
  return {
    knativeerrordest: `http://${service}.montage-ai.svc.cluster.local`,
    knativeerrorcode: String(status),
    knativeerrordata: Buffer.from(printable, 'utf8').toString('base64').slice(0, LONGEST_ERROR_DATA),
  };
}
