import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf } from '../../../../shared/api/client.ts';
import { applyChange } from '../../../../shared/edits/apply.ts';
import { secondsAt } from '../../../../shared/frame-rate.ts';
import { Refusal, sentenceOf } from '../../../../shared/refusal.ts';
import type { Cut, Timeline } from '../../../../shared/timeline.ts';
import { exactClock } from '../clock.ts';
import { goToFrame } from '../play/playing.ts';
import { words } from '../words/language.ts';
import { sentenceSaid } from '../words/sentence-said.ts';
import { change, isReplanning } from './changing.ts';
import { pictures } from './cut-pictures.ts';
import { dragged } from './edge-drag.ts';
import { held, refusal } from './making.ts';
import { pictureOf } from './pictures.ts';

/** How far a hand moves for one frame. */
const PX_PER_FRAME = 4;

interface Drag {
  readonly pointer: number;
  readonly fromX: number;
  readonly timeline: Timeline;
  frames: number;
  why: string | null;
}

/** The first picture of a cut, which is pulled like film to show an earlier or later moment of its shot. */
export function SlipPicture({ timeline, index, cut }: { timeline: Timeline; index: number; cut: Cut }) {
  const said = words.value;
  const drag = useRef<Drag | null>(null);
  const { file = '', key = '', etag = '' } = timeline.sources[cut.source] ?? {};
  const seconds = secondsAt(cut.sourceFrame + 0.5, timeline.frameRate);
  const at = exactClock(secondsAt(cut.sourceFrame, timeline.frameRate));

  const begin = (event: PointerEvent) => {
    if (event.button !== 0 || isReplanning.peek()) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    drag.current = { pointer: event.pointerId, fromX: event.clientX, timeline, frames: 0, why: null };
    refusal.value = null;
  };
  const move = (event: PointerEvent) => {
    const { current } = drag;
    if (event.pointerId !== current?.pointer) return;
    const frames = Math.round((current.fromX - event.clientX) / PX_PER_FRAME);
    if (frames === current.frames) return;
    current.frames = frames;
    show(current, index);
  };
  const drop = (event: PointerEvent) => {
    const { current } = drag;
    if (event.pointerId !== current?.pointer) return;
    drag.current = null;
    held.value = null;
    if (current.why !== null) refusal.value = sentenceSaid(current.why);
    else if (current.frames !== 0) change({ kind: 'slip', cut: index, frames: current.frames });
  };
  const cancel = () => {
    drag.current = null;
    held.value = null;
  };
  return (
    <figure class="slip">
      <div
        class={`slip-picture${cut.locked ? ' is-locked' : ''}`}
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={drop}
        onPointerCancel={cancel}
      >
        <Moment
          source={key}
          seconds={seconds}
          name={said.slipPicture(file, at)}
          poster={pictureOf(pictures.value, { key, etag, seconds })}
        />
      </div>
      <figcaption class="quiet small">{said.slipHint}</figcaption>
    </figure>
  );
}

function show(drag: Drag, cut: number): void {
  try {
    held.value =
      drag.frames === 0 ? drag.timeline : applyChange(drag.timeline, { kind: 'slip', cut, frames: drag.frames });
    drag.why = null;
    goToFrame(held.value.cuts[cut]?.frame ?? 0);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    drag.why = sentenceOf(error);
  }
  refusal.value = drag.why === null ? null : sentenceSaid(drag.why);
}

interface MomentProps {
  source: string;
  seconds: number;
  name: string;
  /** One from nearby, until it can be seen itself. */
  poster: string | null;
}

/** One picture of a clip, that follows as it is asked for another. */
function Moment({ source, seconds, name, poster }: MomentProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [hasFailed, setFailed] = useState(false);
  const wanted = useRef(seconds);
  wanted.current = seconds;
  // While an edge is dragged the player shows the same, and has the decoder for itself.
  const isLeft = dragged.value !== null;
  const seek = () => {
    const { current } = video;
    if (isLeft || !current || current.readyState === 0 || current.seeking) return;
    if (Math.abs(current.currentTime - wanted.current) > 1e-3) current.currentTime = wanted.current;
  };
  useEffect(seek, [seconds, isLeft]);
  useEffect(() => setFailed(false), [source]);
  if (hasFailed) return <p class="slip-tile">{words.value.noPicture}</p>;
  return (
    <video
      ref={video}
      key={source}
      src={pathOf('findMedia', { parameters: { bucket: 'input', key: source } })}
      poster={poster ?? undefined}
      aria-label={name}
      muted
      playsInline
      preload="auto"
      onLoadedMetadata={seek}
      onSeeked={seek}
      onError={() => setFailed(true)}
    />
  );
}
