/** Where a span stands: what W3C Trace Context carries from one process to the next. */
export interface TracePoint {
  /** 32 lower-case hex digits, not all of them zero. */
  traceId: string;
  /** 16 lower-case hex digits, not all of them zero. */
  spanId: string;
  /** Whether whoever began the trace wants it recorded. */
  sampled: boolean;
}

const SAMPLED = 1;
const TRACEPARENT =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/;

/**
 * The point that a `traceparent` names; null when there is none, or it is malformed: then a trace is begun as if nothing had come.
 *
 * Source: W3C Trace Context, 3.2; versions above 00 may carry more fields, which are left alone (4.3).
 */
export function parseTraceparent(text: unknown): TracePoint | null {
  const { version, traceId, spanId, flags, more } =
    (typeof text === 'string' && TRACEPARENT.exec(text)?.groups) || ({} as Record<string, undefined>);
  if (!version || !traceId || !spanId || !flags || version === 'ff' || (version === '00' && more)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

/** As the header, and the attribute of a CloudEvent, carry it. */
export function formatTraceparent({ traceId, spanId, sampled }: TracePoint): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
