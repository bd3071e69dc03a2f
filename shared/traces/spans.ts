/**
 * Spans of what a process does, for whoever looks at traces. Until `openTracing` has found an endpoint to send them to, nothing of
 * OpenTelemetry is loaded, and a span costs the call of a function.
 */
import type { Config } from '../config.ts';
import type { TracePoint } from './traceparent.ts';

type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  /** Default: internal. */
  kind?: 'server' | 'client' | 'producer' | 'consumer';
  /** What it stands under; null begins a trace. Default: the span that this code runs in. */
  parent?: TracePoint | null;
  /** The ids it has, where others know it by these before it is there. Default: random ones. */
  self?: TracePoint;
  /** What it has to do with beside that. */
  links?: readonly TracePoint[];
  attributes?: SpanAttributes;
  /** Default: now. */
  begun?: Date;
}

/** Ends a span; with an error, as one that failed. */
export type EndSpan = (error?: unknown) => void;

/** What shared/traces/otlp.ts does for this file. */
export interface Tracing {
  inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  openSpan(name: string, options: SpanOptions): EndSpan;
  /** The span that this code runs in. */
  current(): TracePoint | null;
  /** Adds to what the current span says. */
  note(attributes: SpanAttributes): void;
  /** Has the current span link to another one. */
  link(to: TracePoint): void;
  /** Sends what has ended. Never throws. */
  flush(): Promise<void>;
}

let tracing: Tracing | undefined;
let opening: Promise<void> | undefined;

/** Has spans be sent where OTEL_EXPORTER_OTLP_ENDPOINT is set, from the first call on. */
export async function openTracing(
  service: string,
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
): Promise<void> {
  if (!endpoint) return;
  opening ??= import('./otlp.ts').then(({ OtlpTracing }) => {
    tracing = new OtlpTracing(service, endpoint);
  });
  await opening;
}

/** Whether spans go anywhere. */
export const isTraced = (): boolean => tracing !== undefined;

/** Does work in a span: spans that it opens stand under that one, and what it throws is noted there. */
export function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  return tracing ? tracing.inSpan(name, options, work) : work();
}

/** As `inSpan`, for work that is part of something traced; by itself, as between two events, it makes no trace. */
export function inSubspan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  return tracing?.current() ? tracing.inSpan(name, options, work) : work();
}

/** A span that the caller ends. */
export function openSpan(name: string, options: SpanOptions): EndSpan {
  return tracing ? tracing.openSpan(name, options) : () => {};
}

/** As `openSpan`, for what is part of something traced. */
export function openSubspan(name: string, options: SpanOptions): EndSpan {
  return tracing?.current() ? tracing.openSpan(name, options) : () => {};
}

/** Adds to what the current span says. */
export function noteInSpan(attributes: SpanAttributes): void {
  tracing?.note(attributes);
}

/**
 * Joins the current span, in which somebody asked for a montage, and that montage's own trace: each links to the other. The caller's
 * trace ends with the answer; what comes of the request has a trace whose id everybody can derive.
 */
export function askedFor(montage: TracePoint): void {
  const asking = tracing?.current();
  if (!tracing || !asking) return;
  tracing.link(montage);
  tracing.openSpan('asked for', { parent: montage, links: [asking] })();
}

/** Sends what has ended; returns at once where nothing is traced. Never throws; takes two seconds at most, and none for a minute after that. */
export async function flushSpans(): Promise<void> {
  await tracing?.flush();
}
