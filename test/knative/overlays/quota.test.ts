import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Rendered, type RenderedPod, rendered, rendererMissing } from '../rendered.ts';

const OVERLAYS = readdirSync(join(import.meta.dirname, '../../../knative/overlays')).sort();

const AmountsSchema = z.object({ cpu: z.string(), memory: z.string() });
const LimitRangeSchema = z.object({
  spec: z.object({ limits: z.tuple([z.object({ defaultRequest: AmountsSchema, default: AmountsSchema })]) }),
});
const QuotaSchema = z.object({ spec: z.object({ hard: z.record(z.string(), z.string()) }) });

const SIZES: Record<string, number> = { m: 1e-3, Mi: 2 ** 20, Gi: 2 ** 30, '': 1 };
/** An amount as Kubernetes writes it, in CPUs or bytes. */
function amount(text: string | number): number {
  const [, number, unit = ''] = /^([\d.]+)(m|Mi|Gi)?$/.exec(String(text)) ?? [];
  const size = SIZES[unit];
  if (number === undefined || size === undefined) throw new Error(`${text} is no amount`);
  return Number(number) * size;
}

/** What a new release may have at once: every function twice at its largest scale, each with its queue-proxy, and all else once. */
function most({ objects, pods }: Rendered): Record<string, number> {
  const one = (kind: string) => objects.find((each) => each.kind === kind);
  const proxy = LimitRangeSchema.parse(one('LimitRange')).spec.limits[0];
  const sum = (of: (pod: RenderedPod) => number) =>
    pods.reduce((total, pod) => total + of(pod) * pod.most * (pod.isFunction ? 2 : 1), 0);
  const all = (kind: 'requests' | 'limits', what: 'cpu' | 'memory') =>
    sum(({ isFunction, spec }) => {
      const beside = (kind === 'requests' ? proxy.defaultRequest : proxy.default)[what];
      return amount(spec.containers[0].resources[kind][what] ?? Number.NaN) + (isFunction ? amount(beside) : 0);
    });
  return {
    'requests.cpu': all('requests', 'cpu'),
    'requests.memory': all('requests', 'memory'),
    'limits.cpu': all('limits', 'cpu'),
    'limits.memory': all('limits', 'memory'),
    pods: sum(() => 1),
  };
}

describe.skipIf(rendererMissing)(`the quota${rendererMissing ? ` (skipped: ${rendererMissing})` : ''}`, () => {
  it.each(OVERLAYS)('of %s lets a new release run beside the old one, and stops what runs away', async (overlay) => {
    const system = await rendered(overlay);
    const { hard } = QuotaSchema.parse(system.objects.find(({ kind }) => kind === 'ResourceQuota')).spec;
    for (const [what, needed] of Object.entries(most(system))) {
      const allowed = amount(hard[what] ?? Number.NaN);
      expect(allowed, what).toBeGreaterThanOrEqual(needed);
      // `local` is small, and keeps the quota of `base`.
      if (overlay !== 'local') expect(allowed, what).toBeLessThan(needed * 1.25);
    }
  });
});
