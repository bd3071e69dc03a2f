import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { pieceAddresses } from '../make/rendered.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import { words } from '../words/language.ts';
import { LiveCut } from './live-cut.ts';
import type { Screen } from './screen.ts';

interface CutHereProps {
  isOnScreen: boolean;
  /** Told once by what it is played; what it gives is called when it goes. */
  onReady: (screen: Screen) => () => void;
  onClick: () => void;
}

/** A montage that isn't finished: its clips and its song, cut by the browser. */
export function CutHere({ isOnScreen, onReady, onClick }: CutHereProps) {
  const said = words.value;
  const place = useRef<HTMLDivElement>(null);
  const [live, setLive] = useState<LiveCut | null>(null);
  useEffect(() => {
    if (!place.current) return;
    const made = new LiveCut(place.current);
    setLive(made);
    const stopTaking = effect(() => {
      if (timelineShown.value) made.take(timelineShown.value, pieceAddresses.value);
    });
    const leave = onReady(made);
    return () => {
      leave();
      stopTaking();
      made.stop();
    };
  }, []);
  const timeline = timelineShown.value;
  const shape = timeline ? timeline.width / timeline.height : undefined;
  const missing = live?.missing.value;
  return (
    <div class={isOnScreen ? 'cut-here' : 'cut-here waits'} aria-hidden={!isOnScreen} onClick={onClick}>
      <div class="cut-here-frame" role="img" aria-label={said.player} style={{ '--shape': shape }}>
        <div class="cut-here-pictures" ref={place} />
        {missing && (
          <p class="plate">
            <strong>{missing}</strong>
            {said.playsOnceRendered}
          </p>
        )}
      </div>
      {live?.isMute.value && <p class="silent">{said.songOnceFinished(timeline?.music.file ?? '')}</p>}
    </div>
  );
}
