import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf } from '../../../shared/api/client.ts';
import { clock, exactClock } from './clock.ts';
import { focusOf } from './focus.ts';
import { type Action, actionOf } from './keyboard.ts';
import { words } from './language.ts';
import { cutLit, goTo, goToCut, goToFrame, playhead, row, screen, step } from './playing.ts';
import './player.css';

const FASTEST = 4;

/** A finished montage, played: with keys for everything, and a place to go to in its bar. */
export function Player({ job }: { job: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const [seconds, setSeconds] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [isMuted, setMuted] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [hasFailed, setFailed] = useState(false);
  const backwards = useRef(0);
  const said = words.value;

  useEffect(() => {
    screen.value = video.current;
    playhead.value = 0;
    setFailed(false);
    return () => {
      screen.value = null;
    };
  }, [job]);

  useEffect(() => {
    let next = 0;
    let before = performance.now();
    const follow = (now: number) => {
      const { current } = video;
      if (current && backwards.current > 0) {
        // No browser plays backwards, so it is shown going back.
        if (!current.seeking)
          current.currentTime = Math.max(0, current.currentTime - ((now - before) / 1000) * backwards.current);
        if (current.currentTime === 0) rewind(0);
      }
      if (!current?.seeking) before = now;
      if (current && !current.paused) playhead.value = current.currentTime;
      next = requestAnimationFrame(follow);
    };
    next = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(next);
  }, []);

  const rewind = (times: number) => {
    backwards.current = times;
    setSpeed(times > 0 ? -times : (video.current?.playbackRate ?? 1));
  };
  const pause = () => {
    rewind(0);
    video.current?.pause();
  };
  const play = (times = 1) => {
    if (!video.current) return;
    rewind(0);
    video.current.playbackRate = times;
    setSpeed(times);
    void video.current.play().catch(() => {});
  };
  const stepBy = (frames: number) => {
    pause();
    step(frames);
  };
  const toggle = () => (backwards.current > 0 || !video.current?.paused ? pause() : play());
  const actions: Partial<Record<Action, () => void>> = {
    play: toggle,
    pause,
    backwards: () => {
      const times = backwards.current > 0 ? Math.min(FASTEST, backwards.current * 2) : 1;
      video.current?.pause();
      rewind(times);
    },
    forwards: () => play(isPlaying && speed > 0 ? Math.min(FASTEST, speed * 2) : 1),
    'frame back': () => stepBy(-1),
    'frame on': () => stepBy(1),
    'cut back': () => goToCut(cutLit.value - 1),
    'cut on': () => goToCut(cutLit.value + 1),
    start: () => goToFrame(0),
    end: () => (row.value.length > 0 ? goToFrame(Number.MAX_SAFE_INTEGER) : goTo(seconds)),
    'full screen': () => {
      if (document.fullscreenElement) void document.exitFullscreen();
      else void video.current?.closest<HTMLElement>('.player')?.requestFullscreen();
    },
    mute: () => {
      if (video.current) video.current.muted = !video.current.muted;
    },
  };
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]')) return;
      const action = actionOf(event, focusOf(event.target));
      const run = action && latest.current[action];
      if (!run) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);

  return (
    <div class="player">
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said in a person's clips. */}
      <video
        ref={video}
        src={pathOf('findOutput', { parameters: { job, file: 'montage.mp4' } })}
        aria-label={said.player}
        playsInline
        preload="auto"
        onClick={toggle}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onVolumeChange={({ currentTarget }) => setMuted(currentTarget.muted)}
        onDurationChange={({ currentTarget }) => setSeconds(currentTarget.duration || 0)}
        onTimeUpdate={({ currentTarget }) => {
          playhead.value = currentTarget.currentTime;
        }}
        onError={() => setFailed(true)}
      />
      {hasFailed && (
        <p class="player-failed" role="alert">
          {said.playFailed}
        </p>
      )}
      <div class="player-bar">
        <button type="button" class="plain" onClick={toggle}>
          {isPlaying || speed < 0 ? said.pause : said.play}
        </button>
        <Position seconds={seconds} />
        {speed !== 1 && <span class="numbers">{said.speed(speed)}</span>}
        <button type="button" class="plain" onClick={actions.mute} aria-pressed={isMuted}>
          {isMuted ? said.unmute : said.mute}
        </button>
        <button type="button" class="plain" onClick={actions['full screen']}>
          {said.fullScreen}
        </button>
      </div>
    </div>
  );
}

/** A part of its own: it changes with every picture. */
function Position({ seconds }: { seconds: number }) {
  const said = words.value;
  const now = Math.min(playhead.value, seconds);
  return (
    <>
      <input
        class="position"
        type="range"
        min={0}
        max={seconds || 1}
        step="any"
        value={now}
        aria-label={said.position}
        aria-valuetext={said.at(exactClock(now), clock(seconds))}
        style={{ '--share': seconds > 0 ? now / seconds : 0 }}
        onInput={({ currentTarget }) => goTo(Number(currentTarget.value))}
      />
      <span class="numbers time">
        {exactClock(now)} / {exactClock(seconds)}
      </span>
    </>
  );
}
