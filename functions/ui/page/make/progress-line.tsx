import { framesPerSecond } from '../../../../shared/frame-rate.ts';
import { onScreen } from '../play/on-screen.ts';
import { stillToCome } from '../play/still-to-come.ts';
import { words } from '../words/language.ts';
import { Told } from '../words/told.tsx';
import { show } from './address.ts';
import { Bar, Left, LeftOut } from './progress.tsx';
import { solid } from './solid.ts';
import { timelineShown } from './timeline-shown.ts';
import { cancel, retry, type Watched } from './watching.ts';
import './progress-line.css';

/** How the montage that plays stands, beneath it. As high once it is finished, so that nothing below moves under a hand. */
export function ProgressLine({ shown }: { shown: Watched }) {
  const said = words.value;
  const { status, lost, refused } = shown;
  if (!status) return null;
  const { state, failure, segments, upscaling } = status;
  const isStopped = state === 'failed' || state === 'cancelled';
  return (
    <div class="progress-line">
      <div class="progress-line-row">
        <strong role="status">{state === 'cancelled' ? said.cancelled : said.states[state]}</strong>
        {segments && !isStopped && state !== 'done' && (
          <span class="numbers progress-line-count">
            {upscaling && state === 'upscaling' ? (
              <>
                {said.chunksMade(upscaling.upscaled, upscaling.total)}
                <Bar share={upscaling.upscaledFrames / upscaling.frames} />
              </>
            ) : (
              <>
                {said.segmentsMade(segments.rendered, segments.total)}
                <Bar share={segments.frames > 0 ? segments.renderedFrames / segments.frames : 0} />
              </>
            )}
          </span>
        )}
        <span class="numbers quiet">
          <Left shown={shown} />
        </span>
        <span class="progress-line-buttons">
          {state === 'failed' && (
            <button type="button" class="plain" onClick={() => void retry()}>
              {said.retry}
            </button>
          )}
          {isStopped && (
            <button type="button" class="plain" onClick={() => show(null)}>
              {said.newMontage}
            </button>
          )}
          {!isStopped && state !== 'done' && (
            <button type="button" class="plain" onClick={() => void cancel()}>
              {said.cancel}
            </button>
          )}
        </span>
      </div>
      {failure && (
        <p role="alert">
          <Told sentence={failure.reason} />
        </p>
      )}
      {state !== 'done' && <LeftOut shown={shown} />}
      {lost && <p role="alert">{said.connectionLost}</p>}
      {refused && <p role="alert">{refused}</p>}
      <p class="quiet small numbers">{whatPlays()}</p>
    </div>
  );
}

/** What isn't seen or heard yet of what plays, else what it is. */
function whatPlays(): string {
  const timeline = timelineShown.value;
  if (!timeline) return '';
  const what = onScreen.value === 'cut here' ? stillToCome(timeline, solid.value) : [];
  if (what.length > 0) return words.value.stillToCome(what);
  return words.value.pictureOf(timeline.width, timeline.height, framesPerSecond(timeline.frameRate));
}
