import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { Refusal } from '../../shared/refusal.ts';

/** A Knative Service, as far as one machine needs it. */
export interface ServiceManifest {
  name: string;
  /** Arguments of functions-framework: `--target=…`, `--source=…`. */
  args: readonly string[];
  /** Requests that one instance works on at a time. */
  concurrency: number;
  minScale: number;
  maxScale: number;
  /** How long the last instance is kept without work. */
  retentionSeconds: number;
  /** How long one request may take. */
  timeoutSeconds: number;
}

export interface DeliveryManifest {
  /** How often a failed delivery is tried again. */
  retries: number;
  backoff: 'exponential' | 'linear';
  backoffDelaySeconds: number;
  timeoutSeconds: number;
  /** Service that takes what ran out of retries. */
  deadLetter: string | null;
}

export interface TriggerManifest {
  name: string;
  /** An event passes when each of these passes: one of the alternatives agrees with it in every attribute named. */
  filters: readonly (readonly Readonly<Record<string, string>>[])[];
  subscriber: string;
  delivery: DeliveryManifest;
}

/** Where the timer's events go. */
export interface TickManifest {
  name: string;
  sink: string;
}

interface Manifests {
  services: ServiceManifest[];
  triggers: TriggerManifest[];
  ticks: TickManifest[];
}

const ANY_SCALE = 1000;

const scale = (otherwise: number) => z.coerce.number().int().min(0).default(otherwise);
const serviceRef = z.object({ ref: z.object({ kind: z.literal('Service'), name: z.string().min(1) }) });
const named = z.object({ name: z.string().min(1) });

/** ISO 8601, as Knative takes it, without years and months: "PT11M", "PT0.5S". */
const seconds = z
  .string()
  .regex(/^PT(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?$/, 'a duration is written like "PT2S" or "PT11M"')
  .transform((text) => {
    const of = (unit: string) => Number(new RegExp(`([\\d.]+)${unit}`).exec(text)?.[1] ?? 0);
    return of('H') * 3600 + of('M') * 60 + of('S');
  });

/** As Go writes durations, in whole hours, minutes and seconds: "1m30s". */
const goDuration = z
  .string()
  .regex(/^(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+s)?$/, 'a duration is written like "30s" or "1m30s"')
  .transform((text) => {
    const of = (unit: string) => Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0);
    return of('h') * 3600 + of('m') * 60 + of('s');
  });

const ServiceSchema = z
  .object({
    kind: z.literal('Service'),
    metadata: named,
    spec: z.object({
      template: z.object({
        metadata: z.object({
          annotations: z.object({
            'autoscaling.knative.dev/min-scale': scale(0),
            'autoscaling.knative.dev/max-scale': scale(ANY_SCALE),
            'autoscaling.knative.dev/scale-to-zero-pod-retention-period': goDuration.default(0),
          }),
        }),
        spec: z.object({
          containerConcurrency: z.number().int().min(1),
          timeoutSeconds: z.number().positive(),
          containers: z.tuple([z.object({ args: z.array(z.string()) })]),
        }),
      }),
    }),
  })
  .transform(({ metadata, spec: { template } }): ServiceManifest => {
    const { annotations } = template.metadata;
    return {
      name: metadata.name,
      args: template.spec.containers[0].args,
      concurrency: template.spec.containerConcurrency,
      minScale: annotations['autoscaling.knative.dev/min-scale'],
      maxScale: annotations['autoscaling.knative.dev/max-scale'],
      retentionSeconds: annotations['autoscaling.knative.dev/scale-to-zero-pod-retention-period'],
      timeoutSeconds: template.spec.timeoutSeconds,
    };
  });

const ExactSchema = z.strictObject({ exact: z.record(z.string(), z.string()) }).transform(({ exact }) => exact);
const FilterSchema = z.union([
  ExactSchema.transform((exact) => [exact]),
  z.strictObject({ any: z.array(ExactSchema).min(1) }).transform(({ any }) => any),
]);

const TriggerSchema = z
  .object({
    kind: z.literal('Trigger'),
    metadata: named,
    spec: z.object({
      filters: z.array(FilterSchema),
      subscriber: serviceRef,
      delivery: z.object({
        retry: z.number().int().min(0),
        backoffPolicy: z.enum(['exponential', 'linear']),
        backoffDelay: seconds,
        timeout: seconds,
        deadLetterSink: serviceRef.optional(),
      }),
    }),
  })
  .transform(
    ({ metadata, spec: { filters, subscriber, delivery } }): TriggerManifest => ({
      name: metadata.name,
      filters,
      subscriber: subscriber.ref.name,
      delivery: {
        retries: delivery.retry,
        backoff: delivery.backoffPolicy,
        backoffDelaySeconds: delivery.backoffDelay,
        timeoutSeconds: delivery.timeout,
        deadLetter: delivery.deadLetterSink?.ref.name ?? null,
      },
    }),
  );

const TickSchema = z
  .object({ kind: z.literal('PingSource'), metadata: named, spec: z.object({ sink: serviceRef }) })
  .transform(({ metadata, spec }): TickManifest => ({ name: metadata.name, sink: spec.sink.ref.name }));

const HeadSchema = z.object({ apiVersion: z.string(), kind: z.string() });

/** What the local runtime makes of each kind of object; anything else in the folder is for a cluster. */
const KINDS = {
  'serving.knative.dev/v1 Service': (document: unknown, into: Manifests) =>
    into.services.push(ServiceSchema.parse(document)),
  'eventing.knative.dev/v1 Trigger': (document: unknown, into: Manifests) =>
    into.triggers.push(TriggerSchema.parse(document)),
  'sources.knative.dev/v1 PingSource': (document: unknown, into: Manifests) =>
    into.ticks.push(TickSchema.parse(document)),
} as const;

/**
 * Reads the Services, Triggers and PingSources of all YAML files in `folder`, in order of file name.
 *
 * @throws {Refusal} naming the file and what in it can't be used, or the service that something is sent to and that isn't there.
 */
export async function readManifests(folder: string): Promise<Manifests> {
  const manifests: Manifests = { services: [], triggers: [], ticks: [] };
  const files = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file)).sort();
  for (const file of files) {
    for (const document of parseAllDocuments(await readFile(join(folder, file), 'utf8'))) {
      const [error] = document.errors;
      if (error) throw new Refusal(`The manifest ${file} is no YAML: ${error.message.split('\n', 1)[0]}`);
      read(file, document.toJS(), manifests);
    }
  }
  checkSinks(manifests);
  return manifests;
}

function read(file: string, document: unknown, into: Manifests): void {
  const head = HeadSchema.safeParse(document).data;
  const take = Object.entries(KINDS).find(([kind]) => kind === `${head?.apiVersion} ${head?.kind}`)?.[1];
  try {
    take?.(document, into);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw new Refusal(`The manifest ${file} can't be used: ${issue?.path.join('.')}: ${issue?.message}`);
  }
}

function checkSinks({ services, triggers, ticks }: Manifests): void {
  const known = new Set(services.map(({ name }) => name));
  const sinks = [
    ...triggers.flatMap(({ name, subscriber, delivery }) => [
      [name, subscriber] as const,
      ...(delivery.deadLetter ? [[name, delivery.deadLetter] as const] : []),
    ]),
    ...ticks.map(({ name, sink }) => [name, sink] as const),
  ];
  const lost = sinks.find(([, sink]) => !known.has(sink));
  if (lost) throw new Refusal(`The manifest ${lost[0]} sends events to ${lost[1]}, which is no Service of that folder`);
}
