import type { IncomingHttpHeaders } from 'node:http';

/**
 * An event in HTTP binary mode, as the broker passes it on: it looks at attributes and never at the data.
 *
 * Source: CloudEvents 1.0, HTTP protocol binding, 3.1.
 */
export interface CloudEvent {
  /** All context attributes, extensions too, as they are in the headers: lower-case names without `ce-`. */
  attributes: Readonly<Record<string, string>>;
  contentType: string;
  data: Buffer;
}

const REQUIRED = ['specversion', 'id', 'source', 'type'] as const;
const PREFIX = 'ce-';

/** The event in a request, or null when required attributes are missing. */
export function eventIn(headers: IncomingHttpHeaders, data: Buffer): CloudEvent | null {
  const attributes = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(PREFIX) && typeof value === 'string' ? [[name.slice(PREFIX.length), value]] : [],
    ),
  );
  if (!REQUIRED.every((name) => attributes[name])) return null;
  return { attributes, contentType: headers['content-type'] ?? 'application/json', data };
}

/** The headers that carry an event. */
export function headersOf({ attributes, contentType, data }: CloudEvent): Record<string, string | number> {
  return {
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`${PREFIX}${name}`, value])),
    'content-type': contentType,
    'content-length': data.length,
  };
}

/** The same event with further attributes. */
export function withAttributes(event: CloudEvent, attributes: Readonly<Record<string, string>>): CloudEvent {
  return { ...event, attributes: { ...event.attributes, ...attributes } };
}
