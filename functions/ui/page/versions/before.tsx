import { signal } from '@preact/signals';
import { pathOf } from '../../../../shared/api/client.ts';
import { goBack, versionShown } from '../change/changing.ts';
import { styleName } from '../choose/style-name.ts';
import { watched } from '../make/watching.ts';
import { Panel } from '../panel.tsx';
import { locale, words } from '../words/language.ts';
import { comparing, mark, sides } from './comparing.ts';
import { revisions } from './revision-list.ts';
import { type Version, versionsOf } from './versions.ts';
import './before.css';

/** Whether what the montage was before is shown. */
export const beforeOpen = signal(false);

/** Everything that the montage ever was, newest first: to go back to, to take along, to see two side by side. */
export function Before() {
  const said = words.value;
  const versions = versionsOf(revisions.value);
  const finished = versions.filter((version) => version.finished !== null);
  return (
    <Panel open={beforeOpen} title={said.before}>
      <p class="quiet">{said.beforeHint}</p>
      {finished.length > 1 && (
        <p class="quiet" role="status">
          {sides.value.length === 1 ? said.compareAnother : said.compareHint}
        </p>
      )}
      <ol class="versions">
        {versions.map((version) => (
          <Was key={version.revision} version={version} canCompare={finished.length > 1} />
        ))}
      </ol>
    </Panel>
  );
}

const MOST_CHANGES = 4;

function Was({ version, canCompare }: { version: Version; canCompare: boolean }) {
  const said = words.value;
  const { revision, from, changes, createdAt, planned, finished } = version;
  const job = watched.value?.job ?? '';
  const isNow = versionShown.value === revision;
  const when = new Intl.DateTimeFormat(locale.value, { dateStyle: 'short', timeStyle: 'medium' });
  const more = changes.length - MOST_CHANGES;
  return (
    <li class="version" aria-current={isNow ? 'true' : undefined}>
      <p class="version-head">
        <strong>{said.version(revision)}</strong>
        <time class="quiet numbers" dateTime={createdAt}>
          {when.format(new Date(createdAt))}
        </time>
        {isNow && <span class="version-now">{said.versionNow}</span>}
      </p>
      <ul class="version-changes">
        {from === null && <li>{said.firstPlan}</li>}
        {changes.slice(0, more > 0 ? MOST_CHANGES : undefined).map((change, i) => (
          <li key={i}>{said.changed(change, styleName)}</li>
        ))}
        {more > 0 && <li>{said.moreChanges(more)}</li>}
      </ul>
      <p class="quiet small">
        {[
          from !== null && from !== revision - 1 && said.versionFrom(from),
          !planned && !isNow && said.versionUnplanned,
          planned && finished === null && said.versionUnfinished,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <div class="version-buttons">
        {!isNow && planned && (
          <button type="button" class="plain" aria-label={said.goBackTo(revision)} onClick={() => goBack(revision)}>
            {said.goBack}
          </button>
        )}
        {finished !== null && (
          <a
            class="plain"
            aria-label={said.downloadVersion(revision)}
            href={pathOf('findOutput', {
              parameters: { job, file: 'montage.mp4' },
              query: { revision: finished, save: 'true' },
            })}
          >
            {said.downloadShort}
          </a>
        )}
        {finished !== null && canCompare && (
          <label class="version-compare">
            <input
              type="checkbox"
              aria-label={said.compareVersion(revision)}
              checked={sides.value.some((side) => side.version === revision)}
              onChange={({ currentTarget }) => {
                mark({ version: revision, revision: finished }, currentTarget.checked);
                if (comparing.value) beforeOpen.value = false;
              }}
            />
            {said.compare}
          </label>
        )}
      </div>
    </li>
  );
}
