import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { PAUSES_SECONDS, SOON_SECONDS } from '../../../functions/notify/verdict.ts';
import { backoffSeconds } from '../../../knative/local/backoff.ts';
import { readManifests } from '../../../knative/local/manifests.ts';
import { capacityOf } from '../../../knative/local/scaler.ts';
import { readConfig } from '../../../shared/config.ts';
import { HOOK_EVENT } from '../../../shared/hooks.ts';
import { OBJECT_KINDS, STAGES } from '../../../shared/keys.ts';
import { EVERY_FUNCTION } from '../../functions/every-function.ts';

const ROOT = join(import.meta.dirname, '../../..');
const BASE = join(ROOT, 'knative/base');
const manifests = await readManifests(BASE);

const ContainerSchema = z.object({
  image: z.string(),
  command: z.array(z.string()),
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
  resources: z.object({ requests: z.record(z.string(), z.string()), limits: z.record(z.string(), z.string()) }),
});
const ServiceSchema = z.object({
  apiVersion: z.literal('serving.knative.dev/v1'),
  kind: z.literal('Service'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      spec: z.object({
        timeoutSeconds: z.number(),
        responseStartTimeoutSeconds: z.number(),
        nodeSelector: z.record(z.string(), z.string()).default({}),
        containers: z.tuple([ContainerSchema]),
      }),
    }),
  }),
});
const SinkBindingSchema = z.object({
  kind: z.literal('SinkBinding'),
  spec: z.object({ subject: z.object({ kind: z.literal('Service'), name: z.string() }), sink: z.unknown() }),
});
const KustomizationSchema = z.object({
  namespace: z.string(),
  resources: z.array(z.string()),
  patches: z.array(
    z.object({ path: z.string().optional(), target: z.object({ group: z.string(), kind: z.string() }) }),
  ),
  images: z.array(z.object({ name: z.string() })),
});

/** For Knative's own namespace, and applied before all else. */
const KNATIVES_OWN = 'config-features.yaml';
const files = readdirSync(BASE).filter((file) => !['kustomization.yaml', KNATIVES_OWN].includes(file));
const text = (file: string) => readFileSync(join(BASE, file), 'utf8');
const documents = files.flatMap((file) => parseAllDocuments(text(file)).map((document) => document.toJS() as unknown));
const bindings = documents.flatMap((document) => SinkBindingSchema.safeParse(document).data ?? []);
const services = documents
  .flatMap((document) => ServiceSchema.safeParse(document).data ?? [])
  .map(({ metadata, spec }) => ({
    name: metadata.name,
    ...spec.template.spec,
    container: spec.template.spec.containers[0],
  }));
const kustomization = KustomizationSchema.parse(parse(text('kustomization.yaml')));
const typesOf = (subscriber: string) =>
  manifests.triggers
    .filter((trigger) => trigger.subscriber === subscriber)
    .flatMap(({ filters }) => filters.flat().map(({ type }) => type));

describe('the Triggers', () => {
  const wanted = manifests.services.flatMap(({ name }) => typesOf(name));
  const known = OBJECT_KINDS.map(({ type }) => type);

  it('want no type that no object makes', () => {
    for (const type of wanted) expect(known).toContain(type);
  });

  it('bring each type that there is to exactly one function, and the ends of jobs to notify too', () => {
    const ends: string[] = Object.values(HOOK_EVENT);
    const others = manifests.services
      .flatMap(({ name }) => typesOf(name).filter((type) => name !== 'notify' || !ends.includes(type ?? '')))
      .sort();
    expect(others).toEqual([...new Set(known)].sort());
    expect(typesOf('notify')).toEqual(expect.arrayContaining(ends));
  });

  it('bring each stage the requests for its own work', () => {
    for (const stage of STAGES) {
      const key = `job/r1/requests/${stage}/${['render', 'upscale'].includes(stage) ? 'a'.repeat(64) : stage === 'plan' ? 'timeline' : 'montage'}.1.json`;
      const type = OBJECT_KINDS.find(({ bucket, pattern }) => bucket === 'jobs' && pattern.test(key))?.type;
      expect(typesOf(stage)).toContain(type);
    }
  });

  it('try again, wait for longer than a request may take, and then turn to dead-letter unless it is about hooks', () => {
    for (const { subscriber, delivery } of manifests.triggers) {
      const service = manifests.services.find(({ name }) => name === subscriber);
      expect(delivery.retries).toBeGreaterThan(0);
      expect(delivery.timeoutSeconds).toBeGreaterThan(service?.timeoutSeconds ?? 0);
      expect(delivery.deadLetter).toBe(subscriber === 'notify' ? null : 'dead-letter');
    }
  });

  it('come again to notify for as long as it waits seconds between its tries, about as often, and fail no job after that', () => {
    const soon = PAUSES_SECONDS.filter((pause) => pause <= SOON_SECONDS);
    const delivery = manifests.triggers.find(({ subscriber }) => subscriber === 'notify')?.delivery;
    expect(delivery?.retries).toBe(soon.length);
    expect(soon.map((_, i) => delivery && backoffSeconds(delivery, i + 1))).toEqual(soon);
  });

  it('bring dead-letter nothing, so that a dead letter makes no other', () => {
    expect(typesOf('dead-letter')).toEqual([]);
  });
});

describe('the timer', () => {
  it('wakes reconcile', () => {
    expect(manifests.ticks).toEqual([{ name: 'tick', sink: 'reconcile' }]);
  });
});

describe('the Services', () => {
  it('are one a function, and run it from the folder of its name', () => {
    expect(services.map(({ name }) => name).sort()).toEqual(EVERY_FUNCTION);
    for (const { name, container } of services) {
      expect(container.command).toEqual(['functions-framework']);
      expect(container.args).toEqual([`--target=${name}`, `--source=functions/${name}/index.ts`]);
      expect(existsSync(join(ROOT, 'functions', name, 'index.ts'))).toBe(true);
    }
  });

  it('go down to nothing without work, and allow a request ten minutes, and a notification as long as the store may wait', () => {
    for (const service of manifests.services) expect(service.minScale).toBe(0);
    for (const { name, timeoutSeconds, responseStartTimeoutSeconds } of services) {
      const most = name === 'ingest' ? 15 : 600;
      expect([timeoutSeconds, responseStartTimeoutSeconds], name).toEqual([most, most]);
    }
  });

  it('do heavy work one piece at a time, on amd64 where pictures are encoded', () => {
    const concurrency = Object.fromEntries(manifests.services.map((service) => [service.name, service.concurrency]));
    expect(concurrency).toMatchObject({ 'analyze-footage': 1, 'analyze-music': 1, render: 1, upscale: 1, assemble: 1 });
    const pinned = services.filter(({ nodeSelector }) => nodeSelector['kubernetes.io/arch'] === 'amd64');
    expect(pinned.map(({ name }) => name).sort()).toEqual(['assemble', 'render']);
  });

  it('tell reconcile how much each stage can take on, and that is what they can', () => {
    const settings = services.find(({ name }) => name === 'reconcile')?.container.env ?? [];
    const config = readConfig(Object.fromEntries(settings.map(({ name, value }) => [name, value])));
    const capacity = (name: string) => {
      const service = manifests.services.find((each) => each.name === name);
      return service && capacityOf(service);
    };
    expect(config.MONTAGE_CAPACITY_ANALYSE).toBe(capacity('analyze-footage'));
    expect(config.MONTAGE_CAPACITY_ANALYSE).toBe(capacity('analyze-music'));
    expect(config.MONTAGE_CAPACITY_RENDER).toBe(capacity('render'));
    expect(config.MONTAGE_CAPACITY_ASSEMBLE).toBe(capacity('assemble'));
    expect(config.MONTAGE_CAPACITY_UPSCALE).toBe(capacity('upscale'));
  });

  it('leave it to one reconcile to hand out work', () => {
    expect(manifests.services.find(({ name }) => name === 'reconcile')?.maxScale).toBe(1);
  });

  it('are told where the broker is by a SinkBinding, if they ask for that', () => {
    const asking = services
      .map(({ name }) => name)
      .filter((name) =>
        readdirSync(join(ROOT, 'functions', name))
          .filter((file) => file.endsWith('.ts'))
          .some((file) => readFileSync(join(ROOT, 'functions', name, file), 'utf8').includes('K_SINK')),
      );
    const broker = { ref: { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: 'default' } };
    expect(asking).toContain('ingest');
    expect(bindings.map(({ spec }) => spec.subject.name).sort()).toEqual(asking.sort());
    for (const { spec } of bindings) expect(spec.sink).toEqual(broker);
  });

  it('run the image that kustomize names', () => {
    for (const { container } of services)
      expect(kustomization.images.map(({ name }) => name)).toContain(container.image);
  });
});

describe('the kustomization', () => {
  it('leaves no file out and names none that is not there', () => {
    const named = [...kustomization.resources, ...kustomization.patches.flatMap(({ path }) => path ?? [])];
    expect(named.sort()).toEqual(files.sort());
  });

  it('locks every function down as Pod Security "restricted" asks', () => {
    const patch = kustomization.patches.find(({ path }) => path !== undefined);
    expect(patch?.target).toEqual({ group: 'serving.knative.dev', kind: 'Service' });
    const operations = parse(text(patch?.path ?? '')) as { op: string; path: string; value: unknown }[];
    expect(operations.find(({ path }) => path.endsWith('/securityContext'))?.value).toEqual({
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it('gives settings that can be read', () => {
    const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(parse(text('settings.yaml')));
    const secrets = { MONTAGE_STORE_ACCESS_KEY: 'key', MONTAGE_STORE_SECRET_KEY: 'secret' };
    expect(readConfig({ ...data, ...secrets })).toMatchObject({ MONTAGE_STORE: data.MONTAGE_STORE });
  });
});

describe('the image that the manifests name', () => {
  it('is this version’s, so that all functions and the Job are of one, and can be rolled back', () => {
    const { images } = parse(readFileSync(join(BASE, 'kustomization.yaml'), 'utf8'));
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(images).toEqual([{ name: 'ghcr.io/montage-ai/functions', newTag: version }]);
  });
});
