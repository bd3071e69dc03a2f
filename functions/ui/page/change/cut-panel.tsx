import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { CutChange } from '../../../../shared/edits/change.ts';
import { secondsAt } from '../../../../shared/frame-rate.ts';
import type { Cut, Timeline } from '../../../../shared/timeline.ts';
import { exactClock } from '../clock.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import { goToCut } from '../play/playing.ts';
import { words } from '../words/language.ts';
import { close } from './change-keys.ts';
import { change, whyNot } from './changing.ts';
import { pictures, wantPictures } from './cut-pictures.ts';
import { momentIn } from './cut-row.ts';
import { Lock } from './lock.tsx';
import { held } from './making.ts';
import { pictureOf } from './pictures.ts';
import { isWanted, selected } from './selected.ts';
import { SlipPicture } from './slip-picture.tsx';
import { whySaid } from './why-said.ts';
import './cut-panel.css';

/** The opened cut: why it is as it is, what else could be there, and every way to change it. */
export function CutPanel() {
  const said = words.value;
  const timeline = timelineShown.value;
  const index = selected.value;
  const cut = timeline?.cuts[index ?? -1];
  const place = useRef<HTMLElement>(null);
  useEffect(() => (isWanted.value ? comeIntoView(place.current) : undefined), [isWanted.value]);
  if (!timeline || !cut || index === null) return null;
  return (
    <section ref={place} class="cut-panel" id="cut-panel" aria-label={said.openCut(index + 1, timeline.cuts.length)}>
      <SlipPicture timeline={timeline} index={index} cut={cut} />
      <div class="cut-about">
        <WhySaid cut={cut} file={timeline.sources[cut.source]?.file ?? ''} />
        <Ways timeline={timeline} index={index} cut={cut} />
      </div>
      <Seconds timeline={timeline} index={index} cut={cut} />
    </section>
  );
}

/** So long a hand that clicks twice finds the second time what it found the first. */
const DOUBLE_CLICK_MS = 300;

const MARGIN = 12;
/** How much of the picture may go out of sight for it: what is changed is to be seen there. */
const OF_STAGE = 0.4;

/** Scrolls as little as shows it all, or as leaves the picture in view; gives what ends that. */
function comeIntoView(panel: HTMLElement | null): () => void {
  const waiting = setTimeout(() => {
    isWanted.value = false;
    const stage = document.querySelector('#stage')?.getBoundingClientRect();
    if (!panel || !stage) return;
    const wanted = panel.getBoundingClientRect().bottom + MARGIN - innerHeight;
    const top = Math.min(wanted, stage.top + stage.height * OF_STAGE);
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (top > 0) scrollBy({ top, behavior: isStill ? 'instant' : 'smooth' });
  }, DOUBLE_CLICK_MS);
  return () => clearTimeout(waiting);
}

interface Opened {
  timeline: Timeline;
  index: number;
  cut: Cut;
}

function WhySaid({ cut, file }: { cut: Cut; file: string }) {
  const said = words.value;
  const { here, shot, lang } = whySaid(cut, file);
  return (
    <dl class="cut-why">
      {here && (
        <div>
          <dt>{said.whyHere}</dt>
          <dd lang={lang}>{here}</dd>
        </div>
      )}
      <div>
        <dt>{said.whyThisShot}</dt>
        <dd lang={lang}>{shot}</dd>
      </div>
    </dl>
  );
}

/** Every way to change a cut but what to show instead, each saying why when it can't be gone. */
function Ways({ timeline, index, cut }: Opened) {
  const said = words.value;
  const ways: readonly (readonly [label: string, asked: CutChange])[] = [
    [said.beatEarlier, { kind: 'move', cut: index, by: -1, unit: 'beats' }],
    [said.beatLater, { kind: 'move', cut: index, by: 1, unit: 'beats' }],
    [said.frameEarlier, { kind: 'move', cut: index, by: -1, unit: 'frames' }],
    [said.frameLater, { kind: 'move', cut: index, by: 1, unit: 'frames' }],
    [said.slipBack, { kind: 'slip', cut: index, frames: -1 }],
    [said.slipOn, { kind: 'slip', cut: index, frames: 1 }],
    [said.takeOut, { kind: 'remove', cut: index }],
  ];
  // While a hand drags, what could be done after it isn't asked.
  const reasons = useMemo(
    () => ways.map(([, asked]) => (held.value ? null : whyNot(timeline, asked))),
    [timeline, index, held.value === null],
  );
  return (
    <div class="cut-ways">
      <button type="button" class="plain" onClick={() => change({ kind: 'lock', cut: index, locked: !cut.locked })}>
        <Lock />
        {cut.locked ? said.unlock : said.lock}
      </button>
      {ways.map(([label, asked], i) => (
        <button
          key={label}
          type="button"
          class="plain"
          aria-disabled={reasons[i] !== null}
          title={reasons[i] ?? undefined}
          onClick={() => {
            if (change(asked) && asked.kind !== 'remove') goToCut(index);
          }}
        >
          {label}
        </button>
      ))}
      <button type="button" class="plain" onClick={close}>
        {said.close}
      </button>
    </div>
  );
}

/** What came second: other moments, to be shown instead. */
function Seconds({ timeline, index, cut }: Opened) {
  const said = words.value;
  const { alternatives, sourceFrames } = cut;
  const moments = alternatives.map(({ file, sourceFrame }) => {
    const source = timeline.sources.findIndex((each) => each.file === file);
    return momentIn(timeline, source, sourceFrame, sourceFrames);
  });
  const names = moments.map(({ etag, seconds }) => `${etag} ${seconds}`).join();
  useEffect(() => wantPictures(moments), [names]);
  const reasons = useMemo(
    () =>
      alternatives.map((_, alternative) =>
        held.value ? null : whyNot(timeline, { kind: 'swap', cut: index, alternative }),
      ),
    [timeline, index, held.value === null],
  );
  return (
    <div class="cut-seconds">
      <h3>{said.cameSecond}</h3>
      {alternatives.length === 0 && <p class="quiet">{said.nothingSecond}</p>}
      <ol>
        {alternatives.map(({ file, sourceFrame }, i) => {
          const at = exactClock(secondsAt(sourceFrame, timeline.frameRate));
          const picture = moments[i] && pictureOf(pictures.value, moments[i]);
          return (
            <li key={`${file} ${sourceFrame}`}>
              <button
                type="button"
                class="cut-second"
                aria-disabled={reasons[i] !== null}
                title={reasons[i] ?? undefined}
                onClick={() => {
                  if (change({ kind: 'swap', cut: index, alternative: i })) goToCut(index);
                }}
              >
                <span class="cut-second-picture">{picture && <img src={picture} alt="" />}</span>
                <span class="cut-second-name">{file}</span>
                <span class="quiet numbers">
                  {at}
                  <span class="unseen">, {said.swapFor(i + 1)}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
