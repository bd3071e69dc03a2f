import { useEffect, useRef, useState } from 'preact/hooks';
import { secondsAt } from '../../../../shared/frame-rate.ts';
import { type Actions, useKeyActions } from '../key-actions.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import { words } from '../words/language.ts';
import { playsAtOnce } from './at-once.ts';
import { CutHere } from './cut-here.tsx';
import { FinishedFile } from './finished-file.tsx';
import { handOver } from './hand-over.ts';
import { onScreen, type Player as PlayedBy, toPlay } from './on-screen.ts';
import { cutLit, goTo, goToCut, goToFrame, playhead, row, screen } from './playing.ts';
import { Position } from './position.tsx';
import type { Screen } from './screen.ts';
import { backwards, forwards, isGoing, isMuted, keepGoing, pause, play, speed, stepBy, toggle } from './transport.ts';
import './player.css';

/** A montage, played from its finished file or cut by the browser: with keys for everything, and a place to go to in its bar. */
export function Player({ job }: { job: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [fileSeconds, setFileSeconds] = useState(0);
  const said = words.value;
  const timeline = timelineShown.value;
  const seconds = timeline ? secondsAt(timeline.frames, timeline.frameRate) : fileSeconds;
  // What plays now goes on until what is to play is ready.
  const players = new Set([onScreen.value, toPlay.value].filter((each) => each !== null));

  useEffect(keepGoing, []);

  const actions: Actions = {
    play: toggle,
    pause,
    backwards,
    forwards,
    'frame back': () => stepBy(-1),
    'frame on': () => stepBy(1),
    'cut back': () => goToCut(cutLit.value - 1),
    'cut on': () => goToCut(cutLit.value + 1),
    start: () => goToFrame(0),
    end: () => (row.value.length > 0 ? goToFrame(Number.MAX_SAFE_INTEGER) : goTo(seconds)),
    'full screen': () => {
      if (document.fullscreenElement) void document.exitFullscreen();
      else void place.current?.requestFullscreen();
    },
    mute: () => {
      isMuted.value = !isMuted.value;
    },
  };
  useKeyActions(() => actions);

  return (
    <div class="player" ref={place}>
      <div class="player-picture">
        {[...players].map((each) => {
          const shared = {
            isOnScreen: onScreen.value === each,
            onReady: (own: Screen) => takeOver(job, each, own),
            onClick: toggle,
          };
          return each === 'cut here' ? (
            <CutHere key={each} {...shared} />
          ) : (
            <FinishedFile key={each} job={job} revision={each} onLength={setFileSeconds} {...shared} />
          );
        })}
      </div>
      <div class="player-bar">
        <button type="button" class="plain" onClick={toggle}>
          {isGoing.value ? said.pause : said.play}
        </button>
        <PositionNow seconds={seconds} />
        {speed.value !== 1 && <span class="numbers">{said.speed(speed.value)}</span>}
        <button type="button" class="plain" onClick={actions.mute}>
          {isMuted.value ? said.unmute : said.mute}
        </button>
        <button type="button" class="plain" onClick={actions['full screen']}>
          {said.fullScreen}
        </button>
      </div>
    </div>
  );
}

/** Has a screen go on from what is on screen, as soon as it can; gives what ends that. */
function takeOver(job: string, player: PlayedBy, own: Screen): () => void {
  const stop = new AbortController();
  const nextFrame = () =>
    new Promise<void>((resolve, reject) =>
      requestAnimationFrame(() => (stop.signal.aborted ? reject(stop.signal.reason) : resolve())),
    );
  const turn = () => {
    screen.value = own;
    onScreen.value = player;
  };
  const from = screen.peek();
  own.mute(isMuted.peek());
  if (from)
    handOver(from, own, () => Math.abs(speed.peek()), nextFrame, turn).catch((error) => {
      if (!stop.signal.aborted) throw error;
    });
  else {
    own.goTo(playhead.peek());
    turn();
    if (playsAtOnce(job)) play();
  }
  return () => {
    stop.abort();
    if (screen.peek() !== own) return;
    screen.value = null;
    onScreen.value = null;
  };
}

/** A part of its own: it changes with every picture. */
const PositionNow = ({ seconds }: { seconds: number }) => <Position now={playhead.value} whole={seconds} onGo={goTo} />;
