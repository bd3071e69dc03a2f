import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../../shared/config.ts';
import { eventOf, type ObjectEvent } from '../../../shared/events.ts';
import { type Pool, revisionKeys } from '../../../shared/keys.ts';

const KNATIVE = join(import.meta.dirname, '../../../knative');
const text = (path: string) => readFileSync(join(KNATIVE, path), 'utf8');
const documents = (path: string) => parseAllDocuments(text(path)).map((document) => document.toJS());

const OperationsSchema = z.array(z.object({ op: z.enum(['add', 'replace']), path: z.string(), value: z.unknown() }));
type Tree = Record<string, unknown>;

/** A document as a JSON patch of Kustomize's leaves it. */
function patched(document: Tree, patch: string): Tree {
  const copy = structuredClone(document);
  for (const { path, value } of OperationsSchema.parse(parse(patch))) {
    const names = path.slice(1).split('/');
    const last = names.pop() as string;
    const parent = names.reduce((tree, name) => tree[name] as Tree, copy);
    if (Array.isArray(parent) && last === '-') parent.push(value);
    else parent[last] = value;
  }
  return copy;
}

const componentPatch = (path: string): string =>
  z.object({ patches: z.tuple([z.object({ patch: z.string() })]) }).parse(parse(text(path))).patches[0].patch;

const [base, baseTrigger] = documents('base/upscale.yaml') as [Tree, Tree];
const [cloud, cloudTrigger] = documents('overlays/burst/upscale-cloud.yaml') as [Tree, Tree];
/** `upscale` as an overlay has it: for the Jetson alone what the overlay says differs. */
const own = [
  text('base/every-function.yaml'),
  componentPatch('upscaling/kustomization.yaml'),
  text('overlays/k3s/jetson.yaml'),
].reduce(patched, base) as { spec: { template: { metadata: { annotations: Tree }; spec: Tree } } };
const { MONTAGE_CAPACITY_CLOUD, ...limits } = documents('overlays/burst/settings.yaml')[0].data as Record<
  string,
  string
>;

describe('the GPUs in a cloud', () => {
  it('do just what the Jetson does: they differ in their nodes, their number, their user, and that a pod has one of its own', () => {
    const { annotations } = own.spec.template.metadata;
    // Only a Jetson keeps its device files for a group.
    const { securityContext, ...pod } = own.spec.template.spec;
    expect(securityContext).toEqual({ supplementalGroups: [44] });
    const [container] = own.spec.template.spec.containers as [{ envFrom: Tree[]; resources: { limits: Tree } }];
    expect(cloud).toMatchObject({ metadata: { labels: { 'networking.knative.dev/visibility': 'cluster-local' } } });
    expect(cloud.spec).toEqual({
      template: {
        metadata: {
          annotations: {
            ...annotations,
            'autoscaling.knative.dev/max-scale': MONTAGE_CAPACITY_CLOUD,
            'serving.knative.dev/progress-deadline': '20m',
          },
        },
        spec: {
          ...pod,
          nodeSelector: { 'montage.ai/pool': 'cloud-gpu' },
          containers: [
            {
              ...container,
              envFrom: [{ configMapRef: { name: 'montage' } }, { secretRef: { name: 'montage-store-cloud' } }],
              resources: {
                ...container.resources,
                limits: { ...container.resources.limits, 'nvidia.com/gpu': '1' },
              },
            },
          ],
        },
      },
    });
  });

  it('are asked for what is theirs, and the Jetson for the rest, each chunk by one of them', () => {
    const jetsons = patched(baseTrigger, text('overlays/burst/own-chunks.yaml'));
    const request = (pool: Pool) => {
      const key = revisionKeys('film-1', 1).request('upscale', 'a'.repeat(64), 1, pool);
      return eventOf({ bucket: 'jobs', key, etag: '0', size: 1 }, new Date()) as ObjectEvent;
    };
    expect([takes(jetsons, request('own')), takes(cloudTrigger, request('own'))]).toEqual([true, false]);
    expect([takes(jetsons, request('cloud')), takes(cloudTrigger, request('cloud'))]).toEqual([false, true]);
    // Where the overlay is taken away again, what was asked of the cloud is the Jetson's.
    expect(takes(baseTrigger, request('cloud'))).toBe(true);
    expect({ ...(cloudTrigger.spec as Tree), filters: 0, subscriber: 0 }).toEqual({
      ...(baseTrigger.spec as Tree),
      ...{ filters: 0, subscriber: 0 },
    });
  });

  it('have limits that reconcile can read, and may not work for ever', () => {
    const config = readConfig({ MONTAGE_CAPACITY_CLOUD, ...limits });
    expect(config.MONTAGE_CAPACITY_CLOUD).toBeGreaterThan(0);
    expect(Object.keys(limits)).toEqual(['MONTAGE_CLOUD_AFTER_MINUTES', 'MONTAGE_CLOUD_MINUTES_A_MONTH']);
  });
});

describe('the image that upscale runs', () => {
  it('is of this version, as that of all other functions is', () => {
    const { version } = JSON.parse(readFileSync(join(KNATIVE, '../package.json'), 'utf8'));
    expect(parse(text('upscaling/kustomization.yaml')).images).toEqual([
      { name: 'ghcr.io/montage-ai/upscale', newTag: version },
    ]);
  });
});

type Filter = { exact?: Record<string, string>; any?: Filter[]; not?: Filter };

/** Whether a Trigger hands an event on: every filter passes, as Knative reads them. */
function takes(trigger: Tree, event: ObjectEvent): boolean {
  const passes = ({ exact, any, not }: Filter): boolean => {
    if (any) return any.some(passes);
    if (not) return !passes(not);
    return Object.entries(exact ?? {}).every(([name, value]) => (event as unknown as Tree)[name] === value);
  };
  return (trigger.spec as { filters: Filter[] }).filters.every(passes);
}
