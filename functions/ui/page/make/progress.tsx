import { useEffect, useRef, useState } from 'preact/hooks';
import { madeSoFar } from '../../../../shared/status.ts';
import { words } from '../words/language.ts';
import { Told } from '../words/told.tsx';
import { show } from './address.ts';
import { calmly, type Said } from './calm.ts';
import { timeLeft } from './time-left.ts';
import { cancel, retry, type Watched } from './watching.ts';
import './progress.css';

/** How a montage that isn't finished stands: what is being done, how far it is, and why not where it failed. */
export function Progress({ shown }: { shown: Watched }) {
  const said = words.value;
  const { status, gone, lost, refused, job } = shown;
  const another = (
    <button type="button" class="plain" onClick={() => show(null)}>
      {said.newMontage}
    </button>
  );
  if (gone) {
    return (
      <div class="progress">
        <p class="progress-state" role="alert">
          {gone === 'deleted' ? said.deleted : said.noSuchJob(job)}
        </p>
        <div class="progress-buttons">{another}</div>
      </div>
    );
  }
  if (!status) return <p class="progress quiet">{lost ? said.connectionLost : said.loading}</p>;
  const { state, failure } = status;
  return (
    <div class="progress">
      {state === 'failed' ? (
        <>
          <p class="progress-state">{said.states.failed}</p>
          <p role="alert">{failure && <Told sentence={failure.reason} />}</p>
        </>
      ) : (
        <p class="progress-state" role="status">
          {state === 'cancelled' ? said.cancelled : said.states[state]}
        </p>
      )}
      {status.waitingFor && (
        <p>
          <Told sentence={status.waitingFor} />
        </p>
      )}
      {state !== 'failed' && state !== 'cancelled' && <Counts shown={shown} />}
      <LeftOut shown={shown} />
      {lost && <p role="alert">{said.connectionLost}</p>}
      {refused && <p role="alert">{refused}</p>}
      <div class="progress-buttons">
        {state === 'failed' && (
          <button type="button" class="plain" onClick={() => void retry()}>
            {said.retry}
          </button>
        )}
        {state === 'failed' || state === 'cancelled' ? (
          another
        ) : (
          <button type="button" class="plain" onClick={() => void cancel()}>
            {said.cancel}
          </button>
        )}
      </div>
    </div>
  );
}

function Counts({ shown }: { shown: Watched }) {
  const said = words.value;
  const { status } = shown;
  if (!status) return null;
  const { clips, music, segments, upscaling } = status;
  return (
    <>
      <ul class="progress-counts numbers">
        {clips && (
          <li>
            <span>{said.clipsLooked(clips.analysed, clips.total)}</span>
            <Bar share={clips.total > 0 ? clips.analysed / clips.total : 0} />
          </li>
        )}
        {music && (
          <li>
            <span>{music.analysed ? said.songHeard(music.file) : said.songHearing(music.file)}</span>
            <Bar share={music.analysed ? 1 : 0} />
          </li>
        )}
        {segments && (
          <li>
            <span>{said.segmentsMade(segments.rendered, segments.total)}</span>
            <Bar share={segments.frames > 0 ? segments.renderedFrames / segments.frames : 0} />
          </li>
        )}
        {upscaling && (
          <li>
            <span>{said.chunksMade(upscaling.upscaled, upscaling.total)}</span>
            <Bar share={upscaling.upscaledFrames / upscaling.frames} />
          </li>
        )}
      </ul>
      <p class="progress-left numbers">
        <Left shown={shown} />
      </p>
    </>
  );
}

/** How long rendering or upscaling takes on, as far as that is known. */
export function Left({ shown: { status, samples } }: { shown: Watched }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(ticking);
  }, []);
  const made = status && madeSoFar(status);
  const left = made && timeLeft(samples, made.frames, now);
  const said = useRef<Said | null>(null);
  said.current = calmly(said.current, left, now);
  return <>{said.current ? words.value.left(said.current.left, status?.state === 'upscaling') : ''}</>;
}

/** What the words beside it say, to see. */
export const Bar = ({ share }: { share: number }) => <span class="bar" style={{ '--share': share }} />;

/** Clips that the montage goes on without, and why. */
export function LeftOut({ shown: { status } }: { shown: Watched }) {
  const rejected = status?.clips?.rejected ?? [];
  if (rejected.length === 0) return null;
  return (
    <details class="left-out" open={rejected.length <= 3}>
      <summary>{words.value.leftOutBecause(rejected.length)}</summary>
      <ul>
        {rejected.map(({ file, reason }) => (
          <li key={file}>
            <strong>{file}</strong> <Told sentence={reason} />
          </li>
        ))}
      </ul>
    </details>
  );
}
