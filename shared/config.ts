import { z } from 'zod';
import { Refusal } from './refusal.ts';

/** A store is found by its host alone: S3's own paths begin there. */
const storeUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => ['', '/'].includes(new URL(url).pathname),
    'a store is named without a path, like http://minio:9000',
  );
const positive = z.coerce.number().positive();
const capacity = z.coerce.number().int().min(1).max(1000);

/**
 * What a function and the command line read from the environment; all of it, with defaults for a laptop.
 * Names are those of the variables.
 */
export const ConfigSchema = z.object({
  /** Folder of the folder store. */
  MONTAGE_DATA: z.string().min(1).default('./montage-data'),
  /** Address that `serve` listens at. */
  MONTAGE_HOST: z.string().min(1).default('127.0.0.1'),
  /** URL of a MinIO or other S3 store, for example http://minio:9000; unset: the folder. */
  MONTAGE_STORE: storeUrl.optional(),
  MONTAGE_STORE_ACCESS_KEY: z.string().min(1).optional(),
  MONTAGE_STORE_SECRET_KEY: z.string().min(1).optional(),
  /** The store's URL for people's browsers and tools, where it differs from MONTAGE_STORE: what signed URLs start with. */
  MONTAGE_STORE_PUBLIC_URL: storeUrl.optional(),
  /** GiB that clips, songs, results and the cache may take in a MinIO that `storage/prepare-minio.ts` prepares. */
  MONTAGE_STORE_GIB: positive.default(300),
  /** Days after which such a MinIO deletes rendered segments, which are made again where they are needed. */
  MONTAGE_SEGMENT_DAYS: z.coerce.number().int().positive().default(30),
  /** Put before the bucket names, so that several systems can share a store. */
  MONTAGE_BUCKET_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{0,30}$/)
    .default(''),
  /** URL that takes CloudEvents: the broker. Knative sets K_SINK through a SinkBinding; the local runtime sets it itself. */
  K_SINK: z.url().optional(),
  /** What MinIO sends in the Authorization header of its webhooks, and ingest expects. */
  MONTAGE_INGEST_TOKEN: z.string().min(16).optional(),
  /** Where signed URLs of the folder store point to; the local runtime's own address. */
  MONTAGE_PUBLIC_URL: z.url().optional(),
  /** Seconds without a new clip after which a set is taken as whole. */
  MONTAGE_SETTLE_SECONDS: z.coerce.number().min(0).default(10),
  /** Seconds after which a request that nobody holds is taken as lost and asked again. */
  MONTAGE_LOST_AFTER_SECONDS: positive.default(30),
  /** How often a piece of work is asked for before the job fails. */
  MONTAGE_ATTEMPTS: z.coerce.number().int().min(1).max(20).default(3),
  /** How many requests the pods of a stage can work on at once: max scale × container concurrency. */
  MONTAGE_CAPACITY_ANALYSE: capacity.default(2),
  MONTAGE_CAPACITY_RENDER: capacity.default(2),
  MONTAGE_CAPACITY_ASSEMBLE: capacity.default(1),
  /** Base URL of what takes OTLP over HTTP, for example http://otel-collector:4318; unset: nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Headers that it asks for, as OpenTelemetry writes them: "authorization=Basic%20…". Its exporter reads them by itself. */
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional(),
  /** Whether hooks may lead to addresses that are not public: this machine, its own network, a cluster's services. */
  MONTAGE_HOOKS_PRIVATE: z.enum(['refuse', 'allow']).default('refuse'),
  /** Folder for scratch files. */
  MONTAGE_SCRATCH: z.string().optional(),
});
export type Config = z.infer<typeof ConfigSchema>;

/** @throws {Refusal} naming the variable and what is wrong with it. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable is one that somebody meant to leave out.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = ConfigSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal(`The environment variable ${issue?.path.join('.')} can't be used: ${issue?.message}`);
  }
  const config = parsed.data;
  if (config.MONTAGE_STORE && !(config.MONTAGE_STORE_ACCESS_KEY && config.MONTAGE_STORE_SECRET_KEY)) {
    throw new Refusal('MONTAGE_STORE is set: set MONTAGE_STORE_ACCESS_KEY and MONTAGE_STORE_SECRET_KEY too');
  }
  return config;
}
