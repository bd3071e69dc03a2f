import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { pathOf } from '../../../shared/api/client.ts';
import { exactClock } from './clock.ts';
import type { RowCut } from './cut-row.ts';
import { clipChosen, clipOnStage } from './gathered.ts';
import { words } from './language.ts';
import { cutLit, goToFrame, playhead, row } from './playing.ts';
import { stillsOf } from './stills.ts';
import { watched } from './watching.ts';
import './cuts.css';

/** The cut under the pointer, whose words are shown instead of those of the cut that is seen. */
const hovered = signal<number | null>(null);
/** Pictures of the cuts of one job, by the cut's number. */
const pictures = signal<{ job: string; of: ReadonlyMap<number, string> }>({ job: '', of: new Map() });

/** The clip that the cut comes from which a person looks at. */
export const sourceLit = () => row.value[hovered.value ?? cutLit.value]?.source ?? null;

/** Every cut of the montage in a row, as wide as it is long, the one that is seen lit. */
export function Cuts() {
  const cuts = row.value;
  const { job, report } = watched.value ?? {};
  if (!job || cuts.length === 0) return null;
  const said = words.value;
  return (
    <section class="lane" aria-labelledby="cuts-title">
      <header class="lane-head">
        <h2 id="cuts-title">{said.cuts}</h2>
        <span class="quiet numbers">{said.cutsSum(cuts.length, cuts.at(-1)?.end ?? 0)}</span>
      </header>
      <Row cuts={cuts} job={job} />
      <Words cuts={cuts} />
      {report && (
        <p class="quiet numbers small">
          {said.checked(report.output.loudness.integratedLufs, report.output.loudness.truePeakDb)}
        </p>
      )}
    </section>
  );
}

function Row({ cuts, job }: { cuts: readonly RowCut[]; job: string }) {
  const place = useRef<HTMLDivElement>(null);
  const lit = cutLit.value;
  const said = words.value;
  const from = clipChosen.value === null ? null : clipOnStage.value?.name;
  const of = pictures.value.job === job ? pictures.value.of : new Map<number, string>();
  useEffect(() => drawn(job, cuts), [job, cuts]);
  useEffect(() => {
    const button = place.current?.querySelectorAll<HTMLButtonElement>('.cut')[lit];
    if (!button || !place.current) return;
    if (place.current.contains(document.activeElement)) button.focus({ preventScroll: true });
    const { scrollLeft, clientWidth } = place.current;
    const { offsetLeft, offsetWidth } = button;
    if (offsetLeft < scrollLeft || offsetLeft + offsetWidth > scrollLeft + clientWidth)
      place.current.scrollLeft = offsetLeft - clientWidth / 4;
  }, [lit]);
  const widths = cuts.map(({ width }) => width).sort((a, b) => a - b);
  return (
    <div class="cut-scroll" ref={place}>
      <div class="cut-row" style={{ '--times': 1 / (widths[widths.length >> 1] ?? 1) }}>
        <ol>
          {cuts.map((cut, i) => (
            <li key={cut.frame} style={{ '--share': cut.width }}>
              <button
                type="button"
                class={`cut${cut.source === from ? ' of-clip' : ''}`}
                aria-current={i === lit ? 'true' : undefined}
                aria-label={said.cut(i + 1, cuts.length, exactClock(cut.start), cut.source)}
                tabIndex={i === lit ? 0 : -1}
                onClick={() => goToFrame(cut.frame)}
                onPointerEnter={() => {
                  hovered.value = i;
                }}
                onPointerLeave={() => {
                  hovered.value = null;
                }}
              >
                {of.has(i) && <img src={of.get(i)} alt="" />}
              </button>
            </li>
          ))}
        </ol>
        <Playhead whole={cuts.at(-1)?.end ?? 0} />
      </div>
    </div>
  );
}

function Playhead({ whole }: { whole: number }) {
  return <div class="playhead" style={{ '--at': whole > 0 ? Math.min(1, playhead.value / whole) : 0 }} />;
}

function Words({ cuts }: { cuts: readonly RowCut[] }) {
  const said = words.value;
  const number = hovered.value ?? cutLit.value;
  const cut = cuts[number];
  if (!cut) return null;
  return (
    <p class="cut-words">
      <span class="numbers">
        {number + 1}/{cuts.length} · {exactClock(cut.start)}–{exactClock(cut.end)}
      </span>
      <strong>{cut.source}</strong>
      <span class="numbers quiet">{said.fromTo(exactClock(cut.sourceStart), exactClock(cut.sourceEnd))}</span>
      <span class="quiet" lang="en">
        {cut.reason}
      </span>
    </p>
  );
}

/** Has the pictures made from the montage itself, one a cut; gives what stops it. */
function drawn(job: string, cuts: readonly RowCut[]): () => void {
  const stop = new AbortController();
  if (pictures.value.job !== job) {
    for (const address of pictures.value.of.values()) URL.revokeObjectURL(address);
    pictures.value = { job, of: new Map() };
  }
  const missing = cuts.flatMap(({ start, end }, number) =>
    pictures.value.of.has(number) ? [] : [{ number, middle: (start + end) / 2 }],
  );
  const take = (address: string, index: number) => {
    const { number } = missing[index] as (typeof missing)[number];
    pictures.value = { job, of: new Map(pictures.value.of).set(number, address) };
  };
  if (missing.length > 0 && watched.value?.status?.finishedRevision) {
    const source = pathOf('findOutput', { parameters: { job, file: 'montage.mp4' } });
    const middles = missing.map(({ middle }) => middle);
    void stillsOf(source, middles, take, stop.signal);
  }
  return () => stop.abort();
}
