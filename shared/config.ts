import { z } from 'zod';
import { Refusal } from './refusal.ts';
import { MODEL_NAMES } from './super-resolution.ts';

/** A store is found by its host alone: S3's own paths begin there. */
const storeUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => ['', '/'].includes(new URL(url).pathname),
    'a store is named without a path, like http://minio:9000',
  );
const positive = z.coerce.number().positive();
const token = z.string().regex(/^[\x21-\x7e]{32,}$/, 'a token has 32 characters or more and no spaces');
const capacity = z.coerce.number().int().min(1).max(1000);

/** Who may come in, and what they may do: only what answers them needs to know, and much of it is secret. */
const signIn = {
  /** One token that opens everything, for whoever shares one Montage as they would a laptop. */
  MONTAGE_ACCESS_TOKEN: token.optional(),
  /** A token for each person, as `name:token` with spaces between: each sees only what is theirs. */
  MONTAGE_TOKENS: z
    .string()
    .regex(/^\s*[\w.@+-]{1,64}:[\x21-\x7e]{32,}(\s+[\w.@+-]{1,64}:[\x21-\x7e]{32,})*\s*$/, {
      error: 'it is written like "ann:<32 characters or more> ben:<32 characters or more>"',
    })
    .optional(),
  /** OpenID provider that people sign in with, for example https://accounts.example.com; each sees only what is theirs. */
  MONTAGE_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  MONTAGE_OIDC_CLIENT_ID: z.string().min(1).optional(),
  MONTAGE_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** What the provider is asked for. */
  MONTAGE_OIDC_SCOPE: z.string().min(1).default('openid profile email'),
  /** What cookies of those who signed in are sealed with; another one signs everybody out. */
  MONTAGE_SESSION_KEY: z.string().min(32).optional(),
  /** Who may see `/ops`, clean up and look after everybody's jobs: names of MONTAGE_TOKENS, or e-mail addresses that the provider has verified. */
  MONTAGE_OPERATORS: z.string().optional(),
  /** Requests of one person a minute, and montages an hour (`makes` of operations says what counts), by each pod of `jobs`, where people sign in. */
  MONTAGE_REQUESTS_PER_MINUTE: positive.default(6000),
  MONTAGE_JOBS_PER_HOUR: positive.default(60),
};

export const SIGN_IN_SETTINGS: ReadonlySet<string> = new Set(Object.keys(signIn));

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
  /** Where people reach Montage: signed URLs of the folder store, links in hooks and the way back from signing in lead there. */
  MONTAGE_PUBLIC_URL: z.url().optional(),
  ...signIn,
  /** What the command line brings to a server that asks who it is. */
  MONTAGE_TOKEN: z.string().min(1).optional(),
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
  MONTAGE_CAPACITY_UPSCALE: capacity.default(1),
  /** The same of the GPUs in a cloud that take chunks beside a cluster's own; 0: there are none. */
  MONTAGE_CAPACITY_CLOUD: z.coerce.number().int().min(0).default(0),
  /** Minutes that the own GPUs may take for the chunks that wait, before the cloud's take the rest. */
  MONTAGE_CLOUD_AFTER_MINUTES: positive.default(15),
  /** Minutes that the cloud's GPUs may work in a month, all together. */
  MONTAGE_CLOUD_MINUTES_A_MONTH: z.coerce.number().min(0).default(600),
  /** By which network a master's pictures are made larger; `auto`: by slim where plan's own machine has a GPU. */
  MONTAGE_UPSCALING: z.enum(['auto', ...MODEL_NAMES, 'off']).default('auto'),
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
  if (config.MONTAGE_OIDC_ISSUER) {
    const missing = OIDC_NEEDS.find((name) => !config[name]);
    if (missing) throw new Refusal(`MONTAGE_OIDC_ISSUER is set: set ${missing} too`);
  }
  return config;
}

const OIDC_NEEDS = ['MONTAGE_OIDC_CLIENT_ID', 'MONTAGE_OIDC_CLIENT_SECRET', 'MONTAGE_PUBLIC_URL'] as const;

/** Whether people have to say who they are. */
export const asksWho = (config: Config): boolean =>
  Boolean(config.MONTAGE_ACCESS_TOKEN || config.MONTAGE_TOKENS || config.MONTAGE_OIDC_ISSUER);
