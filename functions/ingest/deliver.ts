import { CloudEvent, HTTP } from 'cloudevents';
import type { ObjectEvent } from '../../shared/events.ts';

const TIME_LIMIT_MS = 10_000;

/** Posts an event to the broker in CloudEvents binary mode; throws unless the broker says that it has taken it. */
export async function deliver({ data, ...attributes }: ObjectEvent, sink: string): Promise<void> {
  const { headers, body } = HTTP.binary(new CloudEvent({ ...attributes, datacontenttype: 'application/json', data }));
  const response = await fetch(sink, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: body as string,
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`The broker answered ${response.status}`);
}
