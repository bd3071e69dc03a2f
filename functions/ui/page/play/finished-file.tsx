import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf } from '../../../../shared/api/client.ts';
import { words } from '../words/language.ts';
import type { Screen } from './screen.ts';

interface FinishedFileProps {
  job: string;
  revision: number;
  isOnScreen: boolean;
  /** Told once by what it is played; what it gives is called when it goes. */
  onReady: (screen: Screen) => () => void;
  onLength: (seconds: number) => void;
  onClick: () => void;
}

/** A finished montage: its own file. */
export function FinishedFile({ job, revision, isOnScreen, onReady, onLength, onClick }: FinishedFileProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [isPlaying] = useState(() => signal(false));
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    const { current } = video;
    if (!current) return;
    const screen: Screen = {
      isPlaying,
      get seconds() {
        return current.currentTime;
      },
      get isSeeking() {
        return current.seeking;
      },
      get isReady() {
        return !current.seeking && current.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
      },
      play: (times) => {
        current.playbackRate = times;
        // Refused where a person has to ask for sound first.
        void current.play().catch(() => {});
      },
      pause: () => current.pause(),
      goTo: (seconds) => {
        current.currentTime = seconds;
      },
      mute: (isMuted) => {
        current.muted = isMuted;
      },
    };
    return onReady(screen);
  }, []);
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said in a person's clips. */}
      <video
        ref={video}
        class={isOnScreen ? 'finished' : 'finished waits'}
        src={pathOf('findOutput', { parameters: { job, file: 'montage.mp4' }, query: { revision } })}
        aria-label={words.value.player}
        aria-hidden={!isOnScreen}
        playsInline
        preload="auto"
        onClick={onClick}
        onPlay={() => {
          isPlaying.value = true;
        }}
        onPause={() => {
          isPlaying.value = false;
        }}
        onDurationChange={({ currentTarget }) => onLength(currentTarget.duration || 0)}
        onError={() => setFailed(true)}
      />
      {hasFailed && isOnScreen && (
        <p class="player-failed" role="alert">
          {words.value.playFailed}
        </p>
      )}
    </>
  );
}
