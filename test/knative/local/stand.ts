import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { stringify } from 'yaml';
import { brokerPath } from '../../../knative/local/broker-path.ts';
import { type Runtime, type RuntimeOptions, startRuntime } from '../../../knative/local/runtime.ts';
import { readConfig } from '../../../shared/config.ts';
import { FolderStore } from '../../../storage/folder.ts';
import type { Orders } from './functions/worker.ts';

export interface ServiceUnderTest {
  name: string;
  /** Which function answers for it: one of test/knative/local/functions, or the real ingest. */
  target: 'worker' | 'web' | 'broken' | 'ingest';
  concurrency?: number;
  maxScale?: number;
  /** How long the last process is kept without work, as a manifest says it: "2s". */
  retention?: string;
  timeoutSeconds?: number;
  /** Event types that a Trigger of the same name brings it, or those of several Triggers by name. */
  types?: string[] | Record<string, string[]>;
  retries?: number;
  backoffDelay?: string;
  deadLetter?: string;
}

/** What the events of tests are taken for. */
export const INGEST_TOKEN = 'token-of-the-tests';

const SOURCES = {
  worker: 'test/knative/local/functions/worker.ts',
  web: 'test/knative/local/functions/web.ts',
  broken: 'test/knative/local/functions/broken.ts',
  ingest: 'functions/ingest/index.ts',
};

/** The manifests of a service and its Trigger, as in knative/base. */
export function manifestsOf(service: ServiceUnderTest): string {
  const { name, target, concurrency = 1, maxScale = 10, timeoutSeconds = 60, types = {}, retention } = service;
  const ref = (named: string) => ({ ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: named } });
  const deployed = {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      template: {
        metadata: {
          annotations: {
            'autoscaling.knative.dev/min-scale': '0',
            'autoscaling.knative.dev/max-scale': `${maxScale}`,
            ...(retention ? { 'autoscaling.knative.dev/scale-to-zero-pod-retention-period': retention } : {}),
          },
        },
        spec: {
          containerConcurrency: concurrency,
          timeoutSeconds,
          containers: [{ args: [`--target=${target}`, `--source=${SOURCES[target]}`] }],
        },
      },
    },
  };
  const triggers = Object.entries(Array.isArray(types) ? { [name]: types } : types).map(([trigger, wanted]) => ({
    apiVersion: 'eventing.knative.dev/v1',
    kind: 'Trigger',
    metadata: { name: trigger },
    spec: {
      broker: 'default',
      filters: [{ any: wanted.map((type) => ({ exact: { type } })) }],
      subscriber: ref(name),
      delivery: {
        retry: service.retries ?? 3,
        backoffPolicy: 'exponential',
        backoffDelay: service.backoffDelay ?? 'PT0.1S',
        timeout: 'PT1M',
        ...(service.deadLetter ? { deadLetterSink: ref(service.deadLetter) } : {}),
      },
    },
  }));
  return [deployed, ...triggers].map((document) => stringify(document)).join('---\n');
}

export interface JournalEntry {
  at: number;
  pid: number;
  what: 'began' | 'ended';
  id: string;
  subject?: string;
  job?: string;
  childPid?: number;
  knativeerrorcode?: string;
  knativeerrordata?: string;
  knativeerrordest?: string;
}

/** A folder of its own for data and manifests, and a runtime over it. */
export class Stand implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'montage-runtime-'));
  readonly data = join(this.folder, 'data');
  readonly manifests = join(this.folder, 'manifests');
  readonly store = new FolderStore(this.data);
  readonly log: string[] = [];
  readonly #runtimes: Runtime[] = [];

  constructor(services: readonly ServiceUnderTest[]) {
    mkdirSync(this.data);
    mkdirSync(this.manifests);
    for (const service of services) writeFileSync(join(this.manifests, `${service.name}.yaml`), manifestsOf(service));
  }

  async start(options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
    await this.store.prepare();
    const runtime = await startRuntime({
      store: this.store,
      config: readConfig({ MONTAGE_DATA: this.data, MONTAGE_INGEST_TOKEN: INGEST_TOKEN }),
      port: 0,
      cores: 2,
      manifestFolder: this.manifests,
      onLog: (line) => this.log.push(line),
      ...options,
    });
    this.#runtimes.push(runtime);
    return runtime;
  }

  journal(): JournalEntry[] {
    try {
      const lines = readFileSync(join(this.data, 'journal.jsonl'), 'utf8').split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as JournalEntry);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#runtimes.map((runtime) => runtime.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Posts an event to a runtime's broker, as a function does; gives back the answer's status. */
export async function publish(url: string, type: string, id: string, orders: Orders = {}): Promise<number> {
  const response = await fetch(`${url}${brokerPath(INGEST_TOKEN)}`, {
    method: 'POST',
    headers: {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-source': '/buckets/jobs',
      'ce-type': type,
      'ce-subject': `key-of-${id}`,
      'ce-job': 'a-job',
      'content-type': 'application/json',
    },
    body: JSON.stringify(orders),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Waits until `condition` gives something, 30 s at most. */
export async function until<T>(condition: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
  for (const end = Date.now() + 30_000; Date.now() < end; await wait(20)) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`It never came to be that ${what}`);
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
