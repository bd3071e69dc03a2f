/** Spans by OpenTelemetry's SDK, sent by OTLP over HTTP. Loaded only where there is an endpoint to send them to. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type IdGenerator, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import { log } from '../log.ts';
import { sentenceOf } from '../refusal.ts';
import type { EndSpan, SpanOptions, Tracing } from './spans.ts';
import type { TracePoint } from './traceparent.ts';

const TIME_LIMIT_MS = 2000;
/** How long work doesn't wait for a receiver that failed; spans are still tried in the background. */
const PATIENCE_MS = 60_000;

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Gives the ids that were asked for to the next span, and random ones to all others. */
class ChosenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #next: TracePoint | undefined;

  /** Starts exactly one span. */
  use<T>(point: TracePoint | undefined, start: () => T): T {
    this.#next = point;
    try {
      return start();
    } finally {
      this.#next = undefined;
    }
  }

  generateTraceId(): string {
    return this.#next?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#next?.spanId ?? this.#random.generateSpanId();
  }
}

export class OtlpTracing implements Tracing {
  readonly #endpoint: string;
  readonly #ids = new ChosenIds();
  readonly #provider: TracerProvider;
  readonly #context = new AsyncLocalStorage<Context>();
  #failedAt = Number.NEGATIVE_INFINITY;

  /** `endpoint` is the receiver's base URL, to which `v1/traces` is added, as OpenTelemetry has it. */
  constructor(service: string, endpoint: string) {
    this.#endpoint = endpoint;
    const exporter = new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      timeoutMillis: TIME_LIMIT_MS,
    });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': service,
        'service.namespace': 'montage',
        'service.instance.id': process.env.HOSTNAME ?? String(process.pid),
      }),
      idGenerator: this.#ids,
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    });
  }

  async inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
    const { span, context } = this.#start(name, options);
    try {
      const result = await this.#context.run(context, work);
      end(span);
      return result;
    } catch (error) {
      end(span, error);
      throw error;
    }
  }

  openSpan(name: string, options: SpanOptions): EndSpan {
    const { span } = this.#start(name, options);
    return (error) => end(span, error);
  }

  current(): TracePoint | null {
    const span = trace.getSpanContext(this.#context.getStore() ?? ROOT_CONTEXT);
    return span ? { ...span, sampled: (span.traceFlags & TraceFlags.SAMPLED) !== 0 } : null;
  }

  note(attributes: NonNullable<SpanOptions['attributes']>): void {
    trace.getSpan(this.#context.getStore() ?? ROOT_CONTEXT)?.setAttributes(attributes);
  }

  link(to: TracePoint): void {
    trace.getSpan(this.#context.getStore() ?? ROOT_CONTEXT)?.addLink({ context: spanContextOf(to) });
  }

  async flush(): Promise<void> {
    if (performance.now() - this.#failedAt < PATIENCE_MS) return;
    try {
      await this.#provider.forceFlush({ timeoutMillis: TIME_LIMIT_MS });
    } catch (error) {
      this.#failedAt = performance.now();
      const reason = sentenceOf(Array.isArray(error) ? error[0] : error);
      log.warn('spans could not be sent', { endpoint: this.#endpoint, reason });
    }
  }

  #start(name: string, { kind, parent, self, links = [], attributes = {}, begun }: SpanOptions) {
    const under =
      parent === undefined
        ? (this.#context.getStore() ?? ROOT_CONTEXT)
        : parent
          ? trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent))
          : ROOT_CONTEXT;
    const options = {
      kind: kind ? KINDS[kind] : SpanKind.INTERNAL,
      links: links.map((point) => ({ context: spanContextOf(point) })),
      attributes,
      ...(begun ? { startTime: begun } : {}),
    };
    const span = this.#ids.use(self, () => this.#provider.getTracer('montage').startSpan(name, options, under));
    return { span, context: trace.setSpan(under, span) };
  }
}

const spanContextOf = ({ traceId, spanId, sampled }: TracePoint) => ({
  traceId,
  spanId,
  traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
  isRemote: true,
});

function end(span: Span, error?: unknown): void {
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: sentenceOf(error) });
  span.end();
}
