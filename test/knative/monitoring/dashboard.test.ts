import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { METRICS } from '../../../shared/metrics/metrics.ts';

const KNATIVE = join(import.meta.dirname, '../../../knative');
const GUIDE = readFileSync(join(KNATIVE, 'README.md'), 'utf8');
const DashboardSchema = z.object({
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string().min(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).min(1),
    }),
  ),
});
const { panels } = DashboardSchema.parse(JSON.parse(readFileSync(join(KNATIVE, 'monitoring/dashboard.json'), 'utf8')));
const expressions = panels.flatMap(({ targets }) => targets);
const metrics = Object.values(METRICS);

/** The series that a metric has in Prometheus. */
const seriesOf = ({ name, buckets }: (typeof metrics)[number]) =>
  buckets ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
const metricOf = (series: string) => metrics.find((metric) => seriesOf(metric).includes(series));
const seriesIn = (expression: string) => expression.match(/\bmontage_\w+/g) ?? [];

describe('the dashboard', () => {
  it('asks for no metric that no function has', () => {
    for (const { expr } of expressions) {
      expect(seriesIn(expr), expr).not.toEqual([]);
      for (const series of seriesIn(expr)) expect(metricOf(series), series).toBeDefined();
    }
  });

  it('asks for no label that the metric hasn’t', () => {
    for (const { expr, legendFormat } of expressions) {
      const labels = new Set(seriesIn(expr).flatMap((series) => [...(metricOf(series)?.labels ?? [])]));
      const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names]) => (names ?? '').split(/, */));
      const selected = [...expr.matchAll(/\{([^}]*?)(?:=|!=)"/g)].map(([, name]) => name ?? '');
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '');
      for (const name of [...grouped, ...selected]) expect([...labels, 'function', 'le'], expr).toContain(name);
      for (const name of shown) expect(grouped, `${legendFormat} of ${expr}`).toContain(name);
    }
  });

  it('counts what a pod had counted when it was first seen, which rate and increase leave out', () => {
    for (const { expr } of expressions) expect(expr).not.toMatch(/\b(?:rate|increase|irate)\(/);
  });

  it('shows every metric there is, and the guide says what each means', () => {
    const shown = new Set(expressions.flatMap(({ expr }) => seriesIn(expr).map((series) => metricOf(series)?.name)));
    for (const { name } of metrics) {
      expect(shown).toContain(name);
      expect(GUIDE).toContain(`\`${name}\``);
    }
  });

  it('lays no panel over another', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [i, { gridPos: a, title }] of panels.entries()) {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      for (const { gridPos: b } of panels.slice(i + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(apart, title).toBe(true);
      }
    }
  });
});

describe('Prometheus', () => {
  const yaml = (file: string): unknown => parse(readFileSync(join(KNATIVE, 'monitoring', file), 'utf8'));

  it('is led to the container’s own port, past the queue-proxy, by annotations and by a PodMonitor alike', () => {
    const operations = z.array(z.object({ path: z.string(), value: z.string() })).parse(yaml('scraped.yaml'));
    const annotations = operations.map(({ path, value }) => [path.split('/').at(-1)?.replace('~1', '/'), value]);
    expect(Object.fromEntries(annotations)).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '8080',
      'prometheus.io/path': '/metrics',
    });
    expect(yaml('pod-monitor/pod-monitor.yaml')).toMatchObject({
      kind: 'PodMonitor',
      spec: { podMetricsEndpoints: [{ port: 'user-port', path: '/metrics', interval: '15s' }] },
    });
  });
});
