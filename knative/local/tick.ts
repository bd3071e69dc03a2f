import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { TICK_TYPE } from '../../shared/events.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { RuntimeLog } from './log-lines.ts';
import type { TickManifest } from './manifests.ts';

interface TickOptions {
  tick: TickManifest;
  seconds: number;
  /** Whether there is anything that the timer could find. */
  wanted: () => Promise<boolean>;
  /** Delivers the event and comes back when it has been dealt with. Never throws. */
  send: (event: CloudEvent) => Promise<unknown>;
  onLog: (entry: RuntimeLog) => void;
  signal: AbortSignal;
}

/** Sends the timer's event once at the start, then every so many seconds while it is wanted; one at a time. Ends with the signal. */
export async function keepTicking({ tick, seconds, wanted, send, onLog, signal }: TickOptions): Promise<void> {
  let due = true;
  while (!signal.aborted) {
    if (due) await send(pingEvent(tick));
    await wait(seconds * 1000, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    due = await wanted().catch((error: unknown) => {
      onLog({ function: 'runtime', severity: 'WARN', message: `the timer goes on unasked: ${sentenceOf(error)}` });
      return true;
    });
  }
}

/** As Knative's PingSource makes it. */
function pingEvent({ name }: TickManifest): CloudEvent {
  return {
    attributes: {
      specversion: '1.0',
      id: randomUUID(),
      type: TICK_TYPE,
      source: `/apis/v1/namespaces/montage-ai/pingsources/${name}`,
      time: new Date().toISOString(),
    },
    contentType: 'application/json',
    data: Buffer.from('{}'),
  };
}
