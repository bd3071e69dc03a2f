import { onScreen } from '../play/on-screen.ts';
import { stillToCome } from '../play/still-to-come.ts';
import { words } from '../words/language.ts';
import { show } from './address.ts';
import { Bar, Left, LeftOut } from './progress.tsx';
import { solid } from './solid.ts';
import { timelineShown } from './timeline-shown.ts';
import { cancel, retry, type Watched } from './watching.ts';
import './progress-line.css';

/** How a montage stands that plays already and isn't finished: beneath it, in a line. */
export function ProgressLine({ shown }: { shown: Watched }) {
  const said = words.value;
  const { status, lost, refused } = shown;
  if (!status || (status.state === 'done' && onScreen.value !== 'cut here')) return null;
  const { state, failure, segments } = status;
  const isStopped = state === 'failed' || state === 'cancelled';
  return (
    <div class="progress-line">
      <div class="progress-line-row">
        <strong role="status">{state === 'cancelled' ? said.cancelled : said.states[state]}</strong>
        {segments && !isStopped && state !== 'done' && (
          <span class="numbers progress-line-count">
            {said.segmentsMade(segments.rendered, segments.total)}
            <Bar share={segments.frames > 0 ? segments.renderedFrames / segments.frames : 0} />
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
        <p role="alert" lang="en">
          {failure.reason}
        </p>
      )}
      {state !== 'done' && <LeftOut shown={shown} />}
      {lost && <p role="alert">{said.connectionLost}</p>}
      {refused && <p role="alert">{refused}</p>}
      <ToCome />
    </div>
  );
}

/** What isn't seen or heard yet of what plays. */
function ToCome() {
  const timeline = timelineShown.value;
  if (onScreen.value !== 'cut here' || !timeline) return null;
  const what = stillToCome(timeline, solid.value);
  return what.length > 0 ? <p class="quiet small">{words.value.stillToCome(what)}</p> : null;
}
