import type { LostCall, RecentFailure } from '../../../../shared/api/ops.ts';
import { addressOf } from '../make/job-address.ts';
import { nameToRead, sentenceToRead } from '../sign-in/own-names.ts';
import { moment } from './moment.ts';
import { retry, retrying } from './ops-news.ts';
import { opsWords } from './words/ops-words.ts';

/** What went wrong lately and why, each with what can be done about it. */
export function Failures({ failures }: { failures: readonly RecentFailure[] }) {
  const said = opsWords.value;
  return (
    <section class="ops-part" aria-labelledby="ops-failures">
      <h2 id="ops-failures">{said.failures}</h2>
      {failures.length === 0 && <p class="quiet">{said.noFailures}</p>}
      {failures.length > 0 && (
        <ol class="ops-list">
          {failures.map((failure) => (
            <Failed key={`${failure.job} ${failure.revision} ${failure.at}`} failure={failure} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Failed({ failure }: { failure: RecentFailure }) {
  const said = opsWords.value;
  const { job, revision, footageSet, title, stage, reason, at, deadLetter, answer } = failure;
  const name = title ?? (footageSet === null ? job : nameToRead(footageSet));
  return (
    <li class="ops-entry">
      <div class="ops-entry-words">
        <a href={addressOf(job)}>{name}</a>
        <span class="quiet small numbers">
          {revision > 1 && `${said.version(revision)} · `}
          <code>{stage}</code> · <time dateTime={at}>{moment(at)}</time>
          {deadLetter && (
            <>
              {' · '}
              <abbr title={said.deadLetterMeans}>{said.deadLetter}</abbr>
            </>
          )}
        </span>
        <p>{sentenceToRead(reason)}</p>
      </div>
      {answer === 'open' ? (
        <button
          type="button"
          class="plain"
          aria-label={said.retryOf(name)}
          disabled={retrying.value.has(job)}
          onClick={() => void retry(job, name)}
        >
          {said.retry}
        </button>
      ) : (
        <span class="quiet small">{said[answer]}</span>
      )}
    </li>
  );
}

/** Calls of hooks that nobody makes any more; nothing where there are none. */
export function LostCalls({ calls }: { calls: readonly LostCall[] }) {
  const said = opsWords.value;
  if (calls.length === 0) return null;
  return (
    <section class="ops-part" aria-labelledby="ops-calls">
      <h2 id="ops-calls">{said.lostCalls}</h2>
      <ol class="ops-list">
        {calls.map(({ hook, url, job, at, tries, reason }) => (
          <li key={`${hook} ${at} ${job}`} class="ops-entry">
            <div class="ops-entry-words">
              {url ?? hook}
              <span class="quiet small numbers">
                {job === null ? said.ofTest : <a href={addressOf(job)}>{job}</a>} · {said.tries(tries)} ·{' '}
                <time dateTime={at}>{moment(at)}</time>
              </span>
              {reason && <p>{reason}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
