import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf } from '../../../../shared/api/client.ts';
import { secondsAt } from '../../../../shared/frame-rate.ts';
import { type Actions, useKeyActions } from '../key-actions.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import { goTo as goOn, playhead } from '../play/playing.ts';
import { Position } from '../play/position.tsx';
import { words } from '../words/language.ts';
import { endComparing, type Side } from './comparing.ts';
import { inStep } from './in-step.ts';
import './side-by-side.css';

/** Two finished versions of a montage, played by one clock, with the sound of the left one. */
export function SideBySide({ job, left, right }: { job: string; left: Side; right: Side }) {
  const said = words.value;
  const place = useRef<HTMLElement>(null);
  const leader = useRef<HTMLVideoElement>(null);
  const follower = useRef<HTMLVideoElement>(null);
  const [now, setNow] = useState(playhead.peek());
  const [whole, setWhole] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const frameSeconds = secondsAt(1, timelineShown.value?.frameRate ?? '25/1');
  const both = () => [leader.current, follower.current].flatMap((video) => video ?? []);

  useEffect(() => {
    let next = 0;
    const follow = () => {
      const at = together(leader.current, follower.current, frameSeconds);
      if (at !== null) setNow(at);
      next = requestAnimationFrame(follow);
    };
    next = requestAnimationFrame(() => {
      // By now the list that they were chosen in has given the focus back.
      place.current?.focus();
      follow();
    });
    return () => cancelAnimationFrame(next);
  }, []);

  const goTo = (seconds: number) => {
    for (const video of both()) video.currentTime = Math.max(0, Math.min(seconds, video.duration || seconds));
    setNow(Math.max(0, Math.min(seconds, whole)));
  };
  const pause = () => {
    for (const video of both()) video.pause();
    setPlaying(false);
    // They stand on the very same moment.
    if (leader.current && !leader.current.ended) goTo(leader.current.currentTime);
  };
  const play = () => {
    if (now >= whole - frameSeconds) goTo(0);
    for (const video of both()) if (!video.ended) void video.play().catch(() => {});
    setPlaying(true);
  };
  const step = (frames: number) => {
    pause();
    goTo((Math.floor(now / frameSeconds + 1e-3) + frames + 0.5) * frameSeconds);
  };
  const toggle = () => (isPlaying ? pause() : play());
  const end = () => {
    endComparing();
    // The player is there again, and goes on from here.
    setTimeout(() => {
      document.getElementById('stage')?.focus();
      goOn(now);
    });
  };
  const actions: Actions = {
    play: toggle,
    pause,
    forwards: play,
    'frame back': () => step(-1),
    'frame on': () => step(1),
    start: () => goTo(0),
    end: () => goTo(whole),
    'close cut': end,
  };
  useKeyActions(() => actions);

  const measure = () => setWhole(Math.max(...both().map(({ duration }) => duration || 0)));
  // Where the one montage was.
  const begin = ({ currentTarget: video }: Event & { currentTarget: HTMLVideoElement }) => {
    video.currentTime = Math.min(now, video.duration);
  };
  const source = ({ revision }: Side) =>
    pathOf('findOutput', { parameters: { job, file: 'montage.mp4' }, query: { revision } });
  return (
    <section
      class="stage side-by-side"
      id="stage"
      ref={place}
      tabIndex={-1}
      aria-label={said.sideBySide(left.version, right.version)}
    >
      <figure>
        {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said in a person's clips. */}
        <video
          ref={leader}
          src={source(left)}
          aria-label={said.version(left.version)}
          playsInline
          preload="auto"
          onDurationChange={measure}
          onLoadedMetadata={begin}
          onEnded={() => follower.current?.paused !== false && setPlaying(false)}
        />
        <figcaption>
          <strong>{said.version(left.version)}</strong> <span>{said.soundOfLeft}</span>
        </figcaption>
      </figure>
      <figure>
        <video
          ref={follower}
          src={source(right)}
          aria-label={said.version(right.version)}
          muted
          playsInline
          preload="auto"
          onDurationChange={measure}
          onLoadedMetadata={begin}
          onEnded={() => leader.current?.paused !== false && setPlaying(false)}
        />
        <figcaption>
          <strong>{said.version(right.version)}</strong>
        </figcaption>
      </figure>
      <div class="player-bar">
        <button type="button" class="plain" onClick={toggle}>
          {isPlaying ? said.pause : said.play}
        </button>
        <Position now={now} whole={whole} onGo={goTo} />
        <button type="button" class="plain" onClick={end}>
          {said.endCompare}
        </button>
      </div>
    </section>
  );
}

/** Keeps the right one in step with the left while both play; where they are, or null while neither does. */
function together(left: HTMLVideoElement | null, right: HTMLVideoElement | null, frameSeconds: number): number | null {
  if (!left || !right) return null;
  if (left.paused || left.ended) return right.paused || right.ended ? null : right.currentTime;
  if (!right.ended && !right.seeking && !left.seeking) {
    const { seekTo, rate } = inStep(left.currentTime, right.currentTime, frameSeconds);
    if (seekTo !== null && seekTo < right.duration) right.currentTime = seekTo;
    if (right.playbackRate !== rate) right.playbackRate = rate;
  }
  return left.currentTime;
}
