/**
 * Takes down what happens. The metrics themselves are prom-client's, which is loaded when somebody reads them for the first time,
 * or when much waits: a process that starts for one event, and goes, doesn't pay for what nobody reads.
 */
import type { CounterId, HistogramId, Labels, MetricId } from './metrics.ts';

export interface Sample {
  id: MetricId;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const MOST_WAITING = 5000;

let waiting: Sample[] = [];
let reading: Promise<typeof import('./exposition.ts')> | undefined;
let name = '';

/** Says which function this process is. */
export function nameProcess(functionName: string): void {
  name = functionName;
}

export function count<Id extends CounterId>(id: Id, labels: Labels<Id>, by = 1): void {
  take({ id, labels, value: by });
}

/** Takes down one value of a histogram, in its unit. */
export function observe<Id extends HistogramId>(id: Id, labels: Labels<Id>, value: number): void {
  take({ id, labels, value });
}

/** All metrics in Prometheus' text format, as they are now. */
export async function readMetrics(): Promise<{ contentType: string; text: string }> {
  reading ??= import('./exposition.ts');
  const exposition = await reading;
  exposition.add(waiting);
  waiting = [];
  return exposition.exposed(name);
}

function take(sample: Sample): void {
  waiting.push(sample);
  if (waiting.length === MOST_WAITING) void readMetrics();
}
