/** The metrics as prom-client keeps and writes them. */
import { Counter, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricId } from './metrics.ts';
import type { Sample } from './record.ts';

const registry = new Registry();
const adders = new Map(Object.entries(METRICS).map(([id, metric]) => [id as MetricId, adderOf(metric)]));

function adderOf({ name, help, labels, buckets }: (typeof METRICS)[MetricId]) {
  const common = { name, help, labelNames: [...labels], registers: [registry] };
  if (buckets) {
    const histogram = new Histogram<string>({ ...common, buckets: [...buckets] });
    return (of: Sample['labels'], value: number) => histogram.observe(of, value);
  }
  const counter = new Counter<string>(common);
  return (of: Sample['labels'], value: number) => counter.inc(of, value);
}

export function add(samples: readonly Sample[]): void {
  for (const { id, labels, value } of samples) adders.get(id)?.(labels, value);
}

/** All metrics, with the function's name as a label of each. */
export async function exposed(functionName: string): Promise<{ contentType: string; text: string }> {
  registry.setDefaultLabels({ function: functionName });
  return { contentType: registry.contentType, text: await registry.metrics() };
}
