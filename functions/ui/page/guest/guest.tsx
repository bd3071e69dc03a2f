import { useEffect, useState } from 'preact/hooks';
import type { SharedMontage } from '../../../../shared/shares.ts';
import { clock } from '../clock.ts';
import { locale, words } from '../words/language.ts';
import { found, look } from './shared-montage.ts';
import './guest.css';

/** What whoever has a share link sees. */
export function Guest() {
  const said = words.value;
  const now = found.value;
  const title = now !== null && now !== 'gone' && 'video' in now && now.title !== null ? now.title : null;
  useEffect(() => {
    document.title = title === null ? 'Montage' : `${title} · Montage`;
  }, [title]);
  if (now === null)
    return (
      <p class="quiet" role="status">
        {said.guestLoading}
      </p>
    );
  if (now !== 'gone' && 'video' in now) return <Montage montage={now} />;
  return (
    <>
      <h1>Montage</h1>
      <p role="alert">{now === 'gone' ? said.guestGone : now.trouble}</p>
      {now !== 'gone' && (
        <p>
          <button type="button" class="plain" onClick={() => void look()}>
            {said.retry}
          </button>
        </p>
      )}
    </>
  );
}

function Montage({ montage }: { montage: SharedMontage }) {
  const said = words.value;
  const { title, durationSeconds, width, height, madeAt, expiresAt, video, download, poster } = montage;
  const [hasFailed, setFailed] = useState(false);
  const day = new Intl.DateTimeFormat(locale.value, { dateStyle: 'long' });
  const when = new Intl.DateTimeFormat(locale.value, { dateStyle: 'long', timeStyle: 'short' });
  return (
    <>
      <h1>{title ?? said.guestTitle}</h1>
      <div class="guest-picture" style={{ '--shape': width / height }}>
        <video
          src={video}
          {...(poster === null ? {} : { poster })}
          width={width}
          height={height}
          controls
          playsInline
          preload="metadata"
          aria-label={title ?? said.player}
          onError={() => setFailed(true)}
        />
      </div>
      {hasFailed && <p role="alert">{said.playFailed}</p>}
      <div class="guest-foot">
        <p class="quiet numbers">
          {`${clock(durationSeconds)} · ${width} × ${height} · `}
          <time dateTime={madeAt}>{day.format(new Date(madeAt))}</time>
        </p>
        <a class="plain" href={download} download={`${title ?? 'Montage'}.mp4`}>
          {said.guestDownload}
        </a>
      </div>
      <p class="quiet small">
        <time dateTime={expiresAt}>{said.guestUntil(when.format(new Date(expiresAt)))}</time>
      </p>
    </>
  );
}
