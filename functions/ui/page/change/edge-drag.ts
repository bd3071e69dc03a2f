import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { applyChange } from '../../../../shared/edits/apply.ts';
import { beatFrames } from '../../../../shared/edits/beats.ts';
import { Refusal, sentenceOf } from '../../../../shared/refusal.ts';
import type { Timeline } from '../../../../shared/timeline.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import { goToFrame } from '../play/playing.ts';
import { sentenceSaid } from '../words/sentence-said.ts';
import { change, isReplanning } from './changing.ts';
import { held, refusal } from './making.ts';
import { moveTo, nearestBeat } from './move-to.ts';
import { openCut } from './selected.ts';

/** The edge under a hand, and the beats that it snaps to. */
export const dragged = signal<{ readonly cut: number; readonly beats: readonly number[] } | null>(null);

interface Drag {
  readonly pointer: number;
  readonly cut: number;
  readonly timeline: Timeline;
  readonly fromX: number;
  /** The width of the whole row, for as long as the drag lasts. */
  readonly width: number;
  /** Where the hand has the cut start. */
  to: number;
  /** The change that the last place stands for could not be made. */
  why: string | null;
  hasMoved: boolean;
}

/** A hand that moves less than this has clicked. */
const CLICK_PX = 3;

/** Has the left edges of the cuts in a row dragged, to beats or with Alt to frames; what comes of it is seen at once and sent when the hand lets go. */
export function useEdgeDrag(line: RefObject<HTMLElement | null>) {
  const drag = useRef<Drag | null>(null);

  const end = () => {
    drag.current = null;
    dragged.value = null;
    held.value = null;
  };
  const begin = (event: PointerEvent) => {
    const edge = (event.target as Element).closest<HTMLElement>('[data-edge]');
    const timeline = timelineShown.peek();
    if (!edge || !timeline || !line.current || event.button !== 0 || isReplanning.peek()) return;
    event.preventDefault();
    const cut = Number(edge.dataset.edge);
    line.current.setPointerCapture(event.pointerId);
    drag.current = {
      ...{ pointer: event.pointerId, cut, timeline, fromX: event.clientX, why: null, hasMoved: false },
      width: line.current.getBoundingClientRect().width,
      to: timeline.cuts[cut]?.frame ?? 0,
    };
    dragged.value = { cut, beats: beatFrames(timeline) };
    refusal.value = null;
  };
  const move = (event: PointerEvent) => {
    const { current } = drag;
    if (event.pointerId !== current?.pointer) return;
    const { cut, timeline, fromX, width, to } = current;
    const dx = event.clientX - fromX;
    if (!current.hasMoved && Math.abs(dx) < CLICK_PX) return;
    current.hasMoved = true;
    const frame = (timeline.cuts[cut]?.frame ?? 0) + Math.round((dx / width) * timeline.frames);
    current.to = event.altKey ? frame : nearestBeat(timeline, frame);
    if (current.to !== to) show(current);
  };
  const drop = (event: PointerEvent) => {
    const { current } = drag;
    if (event.pointerId !== current?.pointer) return;
    const { cut, timeline, to, why, hasMoved } = current;
    const asked = moveTo(timeline, cut, to);
    end();
    if (!hasMoved) {
      openCut(cut);
      goToFrame(timeline.cuts[cut]?.frame ?? 0);
    } else if (why !== null) {
      refusal.value = sentenceSaid(why);
      goToFrame(timeline.cuts[cut]?.frame ?? 0);
    } else if (asked) change(asked);
  };
  const cancel = (event: PointerEvent) => {
    if (event.pointerId === drag.current?.pointer) end();
  };

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !drag.current) return;
      event.stopImmediatePropagation();
      end();
    };
    addEventListener('keydown', press, { capture: true });
    return () => removeEventListener('keydown', press, { capture: true });
  }, []);
  return { onPointerDown: begin, onPointerMove: move, onPointerUp: drop, onPointerCancel: cancel };
}

/** What comes of the place that the hand is at; where nothing can, what came of the last one stays. */
function show(drag: Drag): void {
  const asked = moveTo(drag.timeline, drag.cut, drag.to);
  try {
    const after = asked ? applyChange(drag.timeline, asked) : drag.timeline;
    drag.why = null;
    held.value = after;
    goToFrame(drag.to);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    drag.why = sentenceOf(error);
  }
  refusal.value = drag.why === null ? null : sentenceSaid(drag.why);
}
