import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import { kustomized, NAMESPACE } from './deployed.ts';
import { pathWithKubectl } from './kubectl-on-path.ts';

const run = promisify(execFile);

const OVERLAYS = readdirSync(resolve(import.meta.dirname, '../../knative/overlays')).sort();

const ServiceSchema = z.object({
  apiVersion: z.literal('serving.knative.dev/v1'),
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
      spec: z.object({
        containerConcurrency: z.number(),
        containers: z.tuple([
          z.looseObject({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]) }),
        ]),
      }),
    }),
  }),
});

/** Claims about what each overlay applies, by the API server and Knative's own admission. The namespace must be there and empty. */
export function overlays(cluster: () => Cluster): void {
  const rendered = async (overlay: string) => {
    await using put = await kustomized(overlay);
    return await cluster().kubectl(['kustomize', put.folder]);
  };

  it.each(OVERLAYS)('%s is admitted, every object of it', async (overlay) => {
    await using put = await kustomized(overlay);
    const said = await cluster().kubectl(['apply', '--dry-run=server', '-k', put.folder]);
    const lines = said.trim().split('\n');
    expect(lines.filter((line) => !line.endsWith('(server dry run)'))).toEqual([]);
    expect(lines.length).toBeGreaterThan(30);
  });

  it.each(OVERLAYS)(
    '%s holds no key and no password, and lets nobody in from outside past its routes',
    async (overlay) => {
      const text = await rendered(overlay);
      expect(text).not.toMatch(/^kind: Secret$/m);
      for (const service of servicesIn(text))
        expect(service.metadata.labels).toMatchObject({ 'networking.knative.dev/visibility': 'cluster-local' });
    },
  );

  it.each(OVERLAYS)('%s tells reconcile how much each stage takes on, as its scale says', async (overlay) => {
    const services = servicesIn(await rendered(overlay));
    const capacity = (name: string) => {
      const template = services.find(({ metadata }) => metadata.name === name)?.spec.template;
      const most = Number(template?.metadata.annotations['autoscaling.knative.dev/max-scale']);
      return String(most * (template?.spec.containerConcurrency ?? Number.NaN));
    };
    const reconcile = services.find(({ metadata }) => metadata.name === 'reconcile');
    const env = new Map(reconcile?.spec.template.spec.containers[0].env.map(({ name, value }) => [name, value]));
    expect(env.get('MONTAGE_CAPACITY_ANALYSE')).toBe(capacity('analyze-footage'));
    expect(env.get('MONTAGE_CAPACITY_RENDER')).toBe(capacity('render'));
    expect(env.get('MONTAGE_CAPACITY_ASSEMBLE')).toBe(capacity('assemble'));
    expect(env.get('MONTAGE_CAPACITY_UPSCALE')).toBe(capacity('upscale'));
  });

  it('burst tells reconcile how much its GPUs in the cloud take on, as their scale says', async () => {
    const text = await rendered('burst');
    const cloud = servicesIn(text).find(({ metadata }) => metadata.name === 'upscale-cloud')?.spec.template;
    const settings = parseAllDocuments(text)
      .map((document) => document.toJS())
      .find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'montage');
    expect(cloud?.spec.containerConcurrency).toBe(1);
    expect(settings.data.MONTAGE_CAPACITY_CLOUD).toBe(cloud?.metadata.annotations['autoscaling.knative.dev/max-scale']);
  });

  it.each(OVERLAYS)('%s has its broker answer before the functions that it wakes are done', async (overlay) => {
    const broker = parseAllDocuments(await rendered(overlay)).find((document) => document.get('kind') === 'Broker');
    const { annotations } = broker?.toJS().metadata ?? {};
    expect(annotations).toMatchObject(
      overlay === 'kafka'
        ? { 'eventing.knative.dev/broker.class': 'Kafka' }
        : { 'messaging.knative.dev/async-handler': 'true' },
    );
  });

  it.each(OVERLAYS)('%s has one timer, a CronJob where the operator wants that', async (overlay) => {
    const timersIn = (text: string) =>
      parseAllDocuments(text)
        .map((document) => document.get('kind'))
        .filter((kind) => kind === 'PingSource' || kind === 'CronJob');
    expect(timersIn(await rendered(overlay))).toEqual(['PingSource']);
    await using put = await kustomized(overlay, { components: ['cron-timer'] });
    expect(timersIn(await cluster().kubectl(['kustomize', put.folder]))).toEqual(['CronJob']);
    const said = await cluster().kubectl(['apply', '--dry-run=server', '-k', put.folder]);
    expect(said).toMatch(/cronjob.batch\/tick created \(server dry run\)/);
  });

  it.each(OVERLAYS)('%s is admitted with all that watching it takes', async (overlay) => {
    await using put = await kustomized(overlay, { components: ['monitoring'] });
    const services = servicesIn(await cluster().kubectl(['kustomize', put.folder]));
    for (const { metadata, spec } of services)
      expect(spec.template.metadata.annotations, metadata.name).toMatchObject({ 'prometheus.io/port': '8080' });
    const said = await cluster().kubectl(['apply', '--dry-run=server', '-k', put.folder]);
    expect(said).toMatch(/configmap\/montage-dashboard created \(server dry run\)/);
  });

  it('can be had with a way in from outside on any cluster with Traefik, by HTTPS only where the operator wants that', async () => {
    await using put = await kustomized('local', { components: ['traefik', 'https'] });
    const routes = parseAllDocuments(await cluster().kubectl(['kustomize', put.folder])).flatMap((document) =>
      document.get('kind') === 'IngressRoute' ? [document.toJS().spec] : [],
    );
    expect(routes).toHaveLength(2);
    for (const route of routes)
      expect(route).toMatchObject({ entryPoints: ['websecure'], tls: { secretName: 'montage-tls' } });
    const said = await cluster().kubectl(['apply', '--dry-run=server', '-k', put.folder]);
    expect(said).toMatch(/ingressroute.traefik.io\/montage-ai created \(server dry run\)/);
  });

  it.each(OVERLAYS)('%s marks every object as part of Montage, also those in other namespaces', async (overlay) => {
    const unmarked = parseAllDocuments(await rendered(overlay))
      .map((document) => document.toJS())
      .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/part-of'] !== 'montage')
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(unmarked).toEqual([]);
  });

  it('are printed whole by "npm run manifests"', async () => {
    const script = join(import.meta.dirname, '../../knative/manifests.ts');
    await using path = await pathWithKubectl();
    const manifests = (overlay: string) =>
      run(process.execPath, [script, overlay], { env: { ...process.env, PATH: path.value } });
    const { stdout: printed } = await manifests('local');
    expect(servicesIn(printed).map(({ metadata }) => metadata.name)).toContain('render');
    await expect(manifests('lokal')).rejects.toThrow(/burst, k3s, kafka, local/);
  });
}

function servicesIn(text: string): z.infer<typeof ServiceSchema>[] {
  const services = parseAllDocuments(text).flatMap((document) => ServiceSchema.safeParse(document.toJS()).data ?? []);
  expect(services.length, NAMESPACE).toBeGreaterThanOrEqual(10);
  return services;
}
