import { useEffect, useRef } from 'preact/hooks';
import { exactClock } from '../clock.ts';
import { clipChosen, clipOnStage } from '../gather/gathered.ts';
import { solid } from '../make/solid.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import { watched } from '../make/watching.ts';
import { cutLit, goToFrame, playhead, row } from '../play/playing.ts';
import { beforeOpen } from '../versions/before.tsx';
import { revisions } from '../versions/revision-list.ts';
import { words } from '../words/language.ts';
import { useChangeKeys } from './change-keys.ts';
import { ChangeNews } from './change-news.tsx';
import { canRedo, canUndo, redo, undo } from './changing.ts';
import { CutPanel } from './cut-panel.tsx';
import { pictures, wantPictures } from './cut-pictures.ts';
import type { RowCut } from './cut-row.ts';
import { dragged, useEdgeDrag } from './edge-drag.ts';
import { hovered } from './hovered.ts';
import { Lock } from './lock.tsx';
import { held, making, refusal } from './making.ts';
import { pictureOf } from './pictures.ts';
import { openCut, select, selected } from './selected.ts';
import { whySaid } from './why-said.ts';
import './cuts.css';

/** The cut that a person looks at: under the pointer, else opened, else seen. */
const lookedAt = () => hovered.value ?? selected.value ?? cutLit.value;

/** The clip that it comes from. */
export const sourceLit = () => row.value[lookedAt()]?.source ?? null;

/** Every cut of the montage in a row, as wide as it is long, the one that is seen lit; the one that is opened with all that can be done to it. */
export function Cuts() {
  useChangeKeys();
  const cuts = row.value;
  const { report } = watched.value ?? {};
  if (!watched.value || cuts.length === 0) return null;
  const said = words.value;
  return (
    <section class="lane" aria-labelledby="cuts-title">
      <header class="lane-head">
        <h2 id="cuts-title">{said.cuts}</h2>
        <span class="quiet numbers">{said.cutsSum(cuts.length, cuts.at(-1)?.end ?? 0)}</span>
        <UnderWay />
        <div class="cuts-buttons">
          <button type="button" class="plain" aria-disabled={!canUndo.value} onClick={undo}>
            {said.undo}
          </button>
          <button type="button" class="plain" aria-disabled={!canRedo.value} onClick={redo}>
            {said.redo}
          </button>
          {revisions.value.length > 1 && (
            <button
              type="button"
              class="plain"
              onClick={() => {
                beforeOpen.value = true;
              }}
            >
              {said.before}
            </button>
          )}
        </div>
      </header>
      <Row cuts={cuts} />
      <Words cuts={cuts} />
      <ChangeNews />
      <CutPanel />
      {report && (
        <p class="quiet numbers small">
          {said.checked(report.output.loudness.integratedLufs, report.output.loudness.truePeakDb)}
        </p>
      )}
    </section>
  );
}

/** Whether changes are still on their way into the plan. */
function UnderWay() {
  const said = words.value;
  const { queue, isAway } = making.value;
  if (isAway || !queue.sent) return null;
  const waiting = queue.waiting.length;
  return (
    <span class="quiet numbers">
      {said.changeBeingPlanned}
      {waiting > 0 && `, ${said.changesWaiting(waiting)}`}
    </span>
  );
}

function Row({ cuts }: { cuts: readonly RowCut[] }) {
  const place = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLOListElement>(null);
  const drag = useEdgeDrag(line);
  const [lit, opened] = [cutLit.value, selected.value];
  const current = opened ?? lit;
  const said = words.value;
  const from = clipChosen.value === null ? null : clipOnStage.value?.name;
  useEffect(() => {
    if (!held.value) return wantPictures(cuts.map(({ picture }) => picture));
  }, [cuts, held.value === null]);
  useEffect(() => {
    const button = place.current?.querySelectorAll<HTMLButtonElement>('.cut')[current];
    if (!button || !place.current) return;
    if (line.current?.contains(document.activeElement)) button.focus({ preventScroll: true });
    const { scrollLeft, clientWidth } = place.current;
    const { offsetLeft, offsetWidth } = button;
    if (offsetLeft < scrollLeft || offsetLeft + offsetWidth > scrollLeft + clientWidth)
      place.current.scrollLeft = offsetLeft - clientWidth / 4;
  }, [current, cuts.length]);
  const widths = cuts.map(({ width }) => width).sort((a, b) => a - b);
  return (
    <div class="cut-scroll" ref={place}>
      <div class="cut-row" style={{ '--times': 1 / (widths[widths.length >> 1] ?? 1) }}>
        <ol ref={line} {...drag}>
          {cuts.map((cut, i) => (
            <li key={i} style={{ '--share': cut.width }}>
              <button
                type="button"
                class={marksOf(cut, i, from)}
                aria-current={i === lit ? 'true' : undefined}
                aria-expanded={i === opened}
                aria-label={said.cut(i + 1, cuts.length, exactClock(cut.start), cut.source, cut.beats, cut.locked)}
                tabIndex={i === current ? 0 : -1}
                onClick={({ detail }) => {
                  // A second press of a key closes it again, a second click by a hand that is used to two does not.
                  const isClosing = detail === 0 && i === opened;
                  refusal.value = null;
                  if (isClosing) return select(null);
                  openCut(i);
                  goToFrame(cut.frame);
                }}
                onPointerEnter={() => {
                  hovered.value = i;
                }}
                onPointerLeave={() => {
                  hovered.value = null;
                }}
              >
                <CutPicture cut={cut} />
                {cut.locked && <Lock />}
              </button>
              {i > 0 && <span class={`cut-edge${i === opened ? ' of-opened' : ''}`} data-edge={i} />}
            </li>
          ))}
        </ol>
        {dragged.value && <Beats />}
        <Playhead whole={cuts.at(-1)?.end ?? 0} />
      </div>
    </div>
  );
}

function marksOf(cut: RowCut, index: number, clip: string | null | undefined): string {
  const marks = [
    cut.source === clip && 'of-clip',
    solid.value.has(index) ? 'solid' : 'outlined',
    cut.locked && 'locked',
  ];
  return ['cut', ...marks.filter(Boolean)].join(' ');
}

function CutPicture({ cut }: { cut: RowCut }) {
  const address = pictureOf(pictures.value, cut.picture);
  return address && <img src={address} alt="" draggable={false} />;
}

/** The beats that an edge snaps to, while one is dragged. */
function Beats() {
  const timeline = timelineShown.value;
  if (!timeline || !dragged.value) return null;
  return (
    <svg class="cut-beats" viewBox={`0 0 ${timeline.frames} 1`} preserveAspectRatio="none" aria-hidden="true">
      {dragged.value.beats.map((frame) => (
        <line key={frame} x1={frame} x2={frame} y1="0" y2="0.25" />
      ))}
    </svg>
  );
}

function Playhead({ whole }: { whole: number }) {
  return <div class="playhead" style={{ '--at': whole > 0 ? Math.min(1, playhead.value / whole) : 0 }} />;
}

function Words({ cuts }: { cuts: readonly RowCut[] }) {
  const said = words.value;
  const number = lookedAt();
  const cut = cuts[number];
  if (!cut) return null;
  const { here, shot, lang } = whySaid(cut, cut.source);
  return (
    <p class="cut-words">
      <span class="numbers">
        {number + 1}/{cuts.length} · {exactClock(cut.start)}–{exactClock(cut.end)}
      </span>
      <strong>{cut.source}</strong>
      <span class="numbers quiet">{said.fromTo(exactClock(cut.sourceStart), exactClock(cut.sourceEnd))}</span>
      {number !== selected.value && (
        <span class="quiet" lang={lang}>
          {here && `${here}; `}
          {shot}
        </span>
      )}
    </p>
  );
}
