import { computed, effect, signal } from '@preact/signals';
import { pathOf } from '../../../../shared/api/client.ts';
import { type SegmentSpec, segmentsOf } from '../../../../shared/segments.ts';
import { client, isAway, sentence } from '../server.ts';
import { planned, timelineShown } from './timeline-shown.ts';
import { refuse, watched } from './watching.ts';

interface Rendered {
  readonly job: string;
  /** By all that shapes their pictures. A piece keeps its first address, whichever revisions it is part of. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** The rendered pieces of the job that is shown, as far as they are known. */
const rendered = signal<Rendered>({ job: '', addresses: new Map() });

const identityOf = (spec: SegmentSpec) => JSON.stringify(spec);

/** The addresses of the pieces of the timeline that is shown, in order; null where one isn't rendered. A draft shares most of them. */
export const pieceAddresses = computed<readonly (string | null)[]>(() => {
  const { job, addresses } = rendered.value;
  const timeline = timelineShown.value;
  if (!timeline || job !== watched.value?.job) return [];
  return segmentsOf(timeline).map((spec) => addresses.get(identityOf(spec)) ?? null);
});

/** How much of the latest planned revision is rendered, as its job says. */
const progress = computed(() => {
  const { job, status } = watched.value ?? {};
  const at = planned.value;
  if (!at || at.job !== job || !status) return null;
  const isLatest = status.revision === at.revision;
  return { ...at, pieces: isLatest ? (status.segments?.rendered ?? 0) : -1 };
});

const COME_BACK_MS = 1000;

let asked = '';
// Each time that more of them are rendered, it is asked which.
effect(() => {
  const { job, revision, pieces } = progress.value ?? {};
  const question = `${job} ${revision} ${pieces}`;
  if (job === undefined || revision === undefined || question === asked) return;
  asked = question;
  void ask(job, revision);
});

async function ask(job: string, revision: number): Promise<void> {
  const isShown = () => planned.value?.job === job && planned.value.revision === revision;
  try {
    const { segments } = (await client.call('listSegments', { parameters: { job, revision } })).body;
    if (!isShown() || !planned.value) return;
    const known = rendered.value.job === job ? rendered.value.addresses : new Map<string, string>();
    const addresses = new Map(known);
    for (const [i, spec] of segmentsOf(planned.value.timeline).entries()) {
      const segment = segments[i];
      if (!segment?.rendered) addresses.delete(identityOf(spec));
      else if (!addresses.has(identityOf(spec)))
        addresses.set(identityOf(spec), pathOf('findSegment', { parameters: { job, revision, hash: segment.hash } }));
    }
    if (rendered.value.job !== job || !isEqual(known, addresses)) rendered.value = { job, addresses };
  } catch (error) {
    if (!isShown()) return;
    if (!isAway(error)) return refuse(sentence(error));
    await new Promise((resolve) => setTimeout(resolve, COME_BACK_MS));
    if (isShown()) await ask(job, revision);
  }
}

const isEqual = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>) =>
  a.size === b.size && [...a.keys()].every((key) => b.has(key));
