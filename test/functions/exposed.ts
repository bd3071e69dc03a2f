/** What a process shows of itself at /metrics. */
export interface Exposed {
  /** Every sample by its name and its labels but `function`, sorted: `montage_events_total{outcome="done",type="…"}`. */
  samples: ReadonlyMap<string, number>;
  /** Names of metrics with their types. */
  types: ReadonlyMap<string, string>;
  functions: ReadonlySet<string>;
  text: string;
}

const SAMPLE = /^(?<name>[a-z_:][a-z0-9_:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/i;
const LABEL = /(?<label>[a-z_]\w*)="(?<value>(?:[^"\\]|\\.)*)",?/gi;

/** Source: Prometheus, exposition formats, text-based format 0.0.4. */
export async function exposed(url: string): Promise<Exposed> {
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  if (response.status !== 200 || !response.headers.get('content-type')?.startsWith('text/plain; version=0.0.4'))
    throw new Error(`${response.status} ${response.headers.get('content-type')}: ${text.slice(0, 200)}`);
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  const functions = new Set<string>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [, type, name, kind] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (type === 'TYPE' && name && kind) types.set(name, kind);
    if (type) continue;
    const sample = SAMPLE.exec(line)?.groups;
    if (!sample?.name || Number.isNaN(Number(sample.value))) throw new Error(`This is no sample: ${line}`);
    const labels = [...(sample.labels ?? '').matchAll(LABEL)].map(({ groups }) => [groups?.label, groups?.value]);
    functions.add(String(labels.find(([label]) => label === 'function')?.[1]));
    const others = labels
      .filter(([label]) => label !== 'function')
      .sort(([a], [b]) => String(a).localeCompare(String(b)));
    const written = others.map(([label, value]) => `${label}="${value}"`).join();
    samples.set(written ? `${sample.name}{${written}}` : sample.name, Number(sample.value));
  }
  return { samples, types, functions, text };
}
