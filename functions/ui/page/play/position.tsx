import { clock, exactClock } from '../clock.ts';
import { words } from '../words/language.ts';

interface PositionProps {
  /** Both in seconds; a place after the end counts as the end. */
  now: number;
  whole: number;
  onGo: (seconds: number) => void;
}

/** Where something that plays is, to be seen and changed. */
export function Position({ now, whole, onGo }: PositionProps) {
  const said = words.value;
  const at = Math.min(now, whole);
  return (
    <>
      <input
        class="position"
        type="range"
        min={0}
        max={whole || 1}
        step="any"
        value={at}
        aria-label={said.position}
        aria-valuetext={said.at(exactClock(at), clock(whole))}
        style={{ '--share': whole > 0 ? at / whole : 0 }}
        onInput={({ currentTarget }) => onGo(Number(currentTarget.value))}
      />
      <span class="numbers time">
        {exactClock(at)} / {exactClock(whole)}
      </span>
    </>
  );
}
