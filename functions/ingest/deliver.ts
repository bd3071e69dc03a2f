import { CloudEvent, HTTP } from 'cloudevents';
import type { ObjectEvent } from '../../shared/events.ts';

const TIME_LIMIT_MS = 10_000;

/** Posts an event to the broker in CloudEvents binary mode; throws unless the broker says that it has taken it. */
export async function deliver({ data, ...attributes }: ObjectEvent, sink: string): Promise<void> {
  const { headers, body } = HTTP.binary(
    new CloudEvent({
      ...attributes,
      subject: headerSafe(attributes.subject),
      datacontenttype: 'application/json',
      data,
    }),
  );
  const response = await fetch(sink, {
    method: 'POST',
    // As a header too: a broker that traces puts spans of its own under it, and names the last of these in the event.
    headers: { ...(headers as Record<string, string>), traceparent: attributes.traceparent },
    body: body as string,
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`The broker answered ${response.status}`);
}

/**
 * A key as a header may carry it: percent-encoded but for printable ASCII, as CloudEvents' HTTP binding asks (3.1.3.2).
 * Whoever gets the event reads the key from its data, where it stands as it is.
 */
export function headerSafe(text: string): string {
  return text.toWellFormed().replace(/[^\x21\x23\x24\x26-\x7e]/gu, encodeURIComponent);
}
