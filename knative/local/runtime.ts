import { randomBytes, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { asksWho, type Config } from '../../shared/config.ts';
import { OBJECT_KINDS } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import { FolderStore } from '../../storage/folder.ts';
import { MinioStore } from '../../storage/minio.ts';
import { setNotifications } from '../../storage/notifications.ts';
import { anyPreviewOpen } from '../../storage/previews.ts';
import { verifySignedUrl } from '../../storage/signed-url.ts';
import type { ObjectInfo, Store } from '../../storage/store.ts';
import { Arrivals } from './arrivals.ts';
import { Broker, type BrokerStats } from './broker.ts';
import { brokerPath } from './broker-path.ts';
import type { CloudEvent } from './cloud-event.ts';
import { isForOthers, openDoors } from './doors.ts';
import { environmentOf } from './environment.ts';
import { Fleet } from './fleet.ts';
import { functionsNow } from './functions-now.ts';
import { type GatewayOptions, gateway } from './gateway.ts';
import { lockFolder } from './lock.ts';
import { type RuntimeLog, textOf, writeLog } from './log-lines.ts';
import { readManifests, type TickManifest } from './manifests.ts';
import { OpenJobs } from './open-jobs.ts';
import type { PoolStats } from './pool.ts';
import { RulesDue } from './rules-due.ts';
import { prepareScratch, scratchOf } from './scratch.ts';
import { serveStoredFile } from './stored-files.ts';
import { keepTicking } from './tick.ts';
import { unfinished } from './unfinished.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MANIFESTS = join(ROOT, 'knative/base');

export interface RuntimeOptions {
  store: Store;
  config: Config;
  /** Port at `host`; 0 takes a free one. */
  port: number;
  /** Address to listen at, by default 127.0.0.1. At any other than this machine's own, others can use it. */
  host?: string | undefined;
  /** Stops the runtime. */
  signal?: AbortSignal | undefined;
  /**
   * Whether to do the work of jobs; by default true. A runtime that doesn't only answers requests: it watches nothing, has no
   * timer, and leaves the data folder to another one.
   */
  works?: boolean | undefined;
  /** Gets what functions and the runtime log, as a line for a person and as it is; by default it goes to the process's own log. */
  onLog?: ((line: string, entry: RuntimeLog) => void) | undefined;
  /** How many instances a function may have at most; by default as many as there are cores. */
  cores?: number | undefined;
  /** How often the timer looks after open jobs. */
  tickSeconds?: number | undefined;
  /** How long a function's process is kept without work. */
  idleSeconds?: number | undefined;
  /** Folder of the Knative manifests, by default knative/base. */
  manifestFolder?: string | undefined;
}

interface RuntimeStats {
  functions: Record<string, PoolStats>;
  broker: BrokerStats;
}

export interface Runtime {
  /** Where this machine reaches it. */
  url: string;
  /** Where people reach it: another than `url` where others than this machine may too. */
  address: string;
  /** Ends all functions, whatever they are doing, and gives the data folder back. What was under way is done by the next runtime. */
  stop(): Promise<void>;
  /** Whether nothing is under way and nothing waits. */
  idle(): boolean;
  stats(): RuntimeStats;
}

/**
 * Runs the functions of the manifests on this machine over a store: what Knative, its broker and MinIO's notifications do on
 * a cluster.
 *
 * @throws {Refusal} when others could reach it and nobody would have to sign in, when a manifest can't be used, the port is taken, or another runtime serves the data folder.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { store, host = '127.0.0.1', idleSeconds = 5, cores = availableParallelism(), works = true } = options;
  const config = { ...options.config, MONTAGE_SESSION_KEY: options.config.MONTAGE_SESSION_KEY ?? randomKey() };
  if (isForOthers(host) && !asksWho(config))
    throw new Refusal(
      `Everyone who can reach ${host} could see and delete everything: set MONTAGE_ACCESS_TOKEN, MONTAGE_TOKENS or MONTAGE_OIDC_ISSUER, so that people have to sign in`,
    );
  const onLog = logTo(options.onLog);
  const { services, triggers, ticks } = await readManifests(options.manifestFolder ?? MANIFESTS);
  const scratch = scratchOf(config);
  const serveStoredFile = await storedFiles(store, scratch.folder);
  const stopping = new AbortController();
  const { signal } = stopping;
  const runtimeId = randomUUID();
  const { own, others, url, address } = await openDoors(host, options.port);
  const ingestToken = config.MONTAGE_INGEST_TOKEN ?? randomKey();
  const environment = {
    config: { ...config, MONTAGE_SCRATCH: scratch.folder, MONTAGE_PUBLIC_URL: config.MONTAGE_PUBLIC_URL ?? address },
    url,
    services,
    cores,
    ingestToken,
    environment: process.env,
  };
  const openJobs = new OpenJobs(store);
  const fleet = new Fleet({
    services,
    root: ROOT,
    environment: (name) => environmentOf(name, environment),
    cores,
    idleSeconds,
    onLog,
  });
  const broker = new Broker({
    triggers,
    deliver: (service, lane, event, timeoutSeconds) => fleet.deliver(service, lane, event, timeoutSeconds),
    onLog,
    signal,
  });
  const arrivals = new Arrivals({
    post: (request) => fleet.post('ingest', 'arrivals', request),
    token: ingestToken,
    bucketPrefix: config.MONTAGE_BUCKET_PREFIX,
    onLog,
    signal,
  });
  const answers = {
    runtimeId,
    brokerPath: brokerPath(ingestToken),
    publish: (event) => {
      if (event.attributes.job) openJobs.notice(event.attributes.job);
      broker.publish(event);
    },
    callFunction: (name, incoming, outgoing) => fleet.proxy(name, incoming, outgoing),
    functionsNow: () => functionsNow(fleet.stats()),
    notForThem: async (incoming) =>
      asksWho(config) ? (await import('./operators.ts')).notForOthers(config)(incoming) : null,
    serveStoredFile,
    publicHosts: config.MONTAGE_PUBLIC_URL ? [new URL(config.MONTAGE_PUBLIC_URL).host] : [],
  } satisfies Omit<GatewayOptions, 'forOthers'>;
  own.on('request', gateway({ ...answers, forOthers: false }));
  others?.on('request', gateway({ ...answers, forOthers: true }));
  let unlock = async () => {};
  const end = async () => {
    stopping.abort();
    own.close();
    others?.close();
    await fleet.stop();
    own.closeAllConnections();
    others?.closeAllConnections();
    await unlock();
  };
  let ended: Promise<void> | undefined;
  const stop = () => {
    ended ??= end();
    return ended;
  };
  options.signal?.addEventListener('abort', () => void stop(), { once: true });
  try {
    // A store elsewhere may be served by several runtimes; leases sort out who does what.
    if (works && !config.MONTAGE_STORE) {
      const lock = { id: runtimeId, url, token: config.MONTAGE_ACCESS_TOKEN };
      unlock = await lockFolder(resolve(config.MONTAGE_DATA), lock);
    }
    await prepareScratch(scratch, { clear: works });
    if (works)
      await work({
        store,
        config,
        openJobs,
        arrivals,
        fleet,
        ticks,
        tickSeconds: options.tickSeconds ?? 5,
        onLog,
        signal,
      });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    address,
    stop,
    idle: () => !arrivals.pending && broker.stats().pending === 0 && !fleet.busy,
    stats: () => ({ functions: fleet.stats(), broker: broker.stats() }),
  };
}

interface WorkOptions {
  store: Store;
  config: Config;
  openJobs: OpenJobs;
  arrivals: Arrivals;
  fleet: Fleet;
  ticks: readonly TickManifest[];
  tickSeconds: number;
  onLog: (entry: RuntimeLog) => void;
  signal: AbortSignal;
}

/** Hears of new objects from now on, tells of those that an earlier runtime left undone; then has the timers run. */
async function work(options: WorkOptions): Promise<void> {
  const { store, config, openJobs, arrivals, fleet, ticks, tickSeconds, onLog, signal } = options;
  // A webhook of MinIO's only makes it faster: it may be for another machine or port, so the buckets are listened to all the same.
  if (store instanceof MinioStore && config.MONTAGE_INGEST_TOKEN) await setNotifications(store);
  const buckets = [...new Set(OBJECT_KINDS.map(({ bucket }) => bucket))];
  const arrive = (object: ObjectInfo) => {
    const [job] = object.key.split('/', 1);
    if (object.bucket === 'jobs' && job) openJobs.notice(job);
    arrivals.add(object);
  };
  await store.watch(buckets, arrive, signal);
  for await (const object of unfinished(store, await openJobs.load())) arrivals.add(object);
  const rules = new RulesDue(store);
  const wanted = async () => (await openJobs.any()) || (await anyPreviewOpen(store)) || (await rules.any());
  for (const tick of ticks) {
    const send = (event: CloudEvent) => fleet.deliver(tick.sink, tick.name, event);
    void keepTicking({ tick, seconds: tickSeconds, wanted, send, onLog, signal });
  }
}

const randomKey = (): string => randomBytes(24).toString('hex');

async function storedFiles(store: Store, scratch: string): Promise<GatewayOptions['serveStoredFile']> {
  if (!(store instanceof FolderStore)) return null;
  const secret = await store.signingSecret();
  const verify = (url: string, method: string, now: number) => verifySignedUrl(secret, url, method, now);
  return (incoming, outgoing) => serveStoredFile({ store, verify, scratch }, incoming, outgoing);
}

function logTo(onLog: RuntimeOptions['onLog']): (entry: RuntimeLog) => void {
  if (!onLog) return writeLog;
  return (entry) => {
    if (entry.severity !== 'DEBUG' || process.env.LOG_LEVEL === 'debug') onLog(textOf(entry), entry);
  };
}
