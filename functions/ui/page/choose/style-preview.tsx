import { useEffect, useRef } from 'preact/hooks';
import { playing } from './playing-cards.ts';
import { previews } from './previews.ts';
import './style-preview.css';

/** What a style does to the demo's clips: a still that plays while its card is looked at. Nothing until it is made. */
export function StylePreview({ style }: { style: string }) {
  const film = useRef<HTMLVideoElement>(null);
  const preview = previews.value.get(style);
  const plays = preview !== undefined && playing.value.has(style);
  useEffect(() => {
    const video = film.current;
    if (!video || !plays) return;
    // Stopped before it began, or not allowed to: the still is shown.
    video.play().catch(() => {});
    return () => {
      video.pause();
      // Shows the still again, and holds no decoder any more.
      video.load();
    };
  }, [plays]);
  if (preview === undefined) return null;
  const address = `/v1/previews/${preview}`;
  return (
    <video
      ref={film}
      class="style-preview"
      src={`${address}.mp4`}
      poster={`${address}.jpg`}
      width={320}
      height={180}
      preload="none"
      tabIndex={-1}
      aria-hidden="true"
      muted
      loop
      playsInline
      disablePictureInPicture
      disableRemotePlayback
    />
  );
}
