import type { RefObject } from 'preact';
import { exactClock } from '../clock.ts';
import { useKeyActions } from '../key-actions.ts';
import { words } from '../words/language.ts';
import { leaveOut, leftOut } from './gathered.ts';
import { isPart, wish, wishOf, withEnd } from './wishes.ts';
import './part.css';

interface PartProps {
  id: string;
  name: string;
  video: RefObject<HTMLVideoElement | null>;
  durationSeconds: number;
}

/** Which part of the clip on the stage may be used, by scrubbing, and whether it must be or mustn't. */
export function Part({ id, name, video, durationSeconds }: PartProps) {
  const said = words.value;
  const wanted = wishOf(id);
  const isOut = leftOut.value.has(id);
  const { must, from, to } = wanted;
  const ends = { from: from ?? 0, to: to ?? durationSeconds };
  const move = (end: 'from' | 'to', at: number) => wish(id, withEnd(wanted, end, at, durationSeconds));
  const moveHere = (end: 'from' | 'to') => move(end, video.current?.currentTime ?? 0);
  const see = (at: number) => {
    if (!video.current) return;
    video.current.pause();
    video.current.currentTime = at;
  };
  useKeyActions(() => ({
    'part from here': () => moveHere('from'),
    'part to here': () => moveHere('to'),
    'must be seen': () => wish(id, { must: !must }),
    'leave out': () => leaveOut(id, !isOut),
  }));
  const end = (which: 'from' | 'to', label: string) => (
    <input
      type="range"
      min={0}
      max={durationSeconds}
      step={STEP_SECONDS}
      value={ends[which]}
      aria-label={label}
      aria-valuetext={exactClock(ends[which])}
      disabled={isOut}
      onInput={({ currentTarget }) => {
        const at = Number(currentTarget.value);
        move(which, at);
        see(at);
      }}
    />
  );
  const style = { '--from': ends.from / durationSeconds, '--to': ends.to / durationSeconds };
  return (
    <fieldset class="part">
      <legend class="unseen">{said.partOf(name)}</legend>
      <div class="part-ends" style={style}>
        {end('from', said.partFrom)}
        {end('to', said.partTo)}
      </div>
      <span class="numbers time">
        {exactClock(ends.from)} – {exactClock(ends.to)}
      </span>
      <div class="part-buttons">
        <button type="button" class="plain" disabled={isOut} onClick={() => moveHere('from')}>
          {said.partFromHere}
        </button>
        <button type="button" class="plain" disabled={isOut} onClick={() => moveHere('to')}>
          {said.partToHere}
        </button>
        {isPart(wanted) && (
          <button type="button" class="plain" onClick={() => wish(id, { from: null, to: null })}>
            {said.allOfIt}
          </button>
        )}
        <button
          type="button"
          class="plain"
          disabled={isOut}
          aria-pressed={must}
          onClick={() => wish(id, { must: !must })}
        >
          {said.mustBeSeen}
        </button>
        <button type="button" class="plain" aria-pressed={isOut} onClick={() => leaveOut(id, !isOut)}>
          {said.leaveOutShort}
        </button>
      </div>
    </fieldset>
  );
}

/** About a frame. */
const STEP_SECONDS = 0.04;
