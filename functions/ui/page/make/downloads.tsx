import { pathOf } from '../../../../shared/api/client.ts';
import { hasEnded } from '../../../../shared/job.ts';
import { shareLinks } from '../share/links.ts';
import { words } from '../words/language.ts';
import { show } from './address.ts';
import { LeftOut } from './progress.tsx';
import { watched } from './watching.ts';
import './downloads.css';

/** The files of a finished montage, to be taken along; of the version before while a change is being made. */
export function Downloads() {
  const said = words.value;
  const shown = watched.value;
  const status = shown?.status;
  if (!shown || !status || status.outputs.length === 0) return null;
  const isOlder = status.finishedRevision !== status.revision;
  const files = Object.keys(said.downloads).filter((file) => status.outputs.includes(file));
  return (
    <section class="lane" aria-labelledby="downloads-title">
      <header class="lane-head">
        <h2 id="downloads-title">{said.download}</h2>
        {isOlder && <span class="quiet">{hasEnded(status) ? said.downloadsOlder : said.downloadsMeanwhile}</span>}
        <div class="downloads">
          {files.map((file) => (
            <a
              key={file}
              class="plain"
              href={pathOf('findOutput', { parameters: { job: status.id, file }, query: { save: 'true' } })}
            >
              {said.downloads[file]}
            </a>
          ))}
          {status.finishedRevision !== null && (
            <button type="button" class="plain" onClick={() => shareLinks(status.id)}>
              {said.share}
            </button>
          )}
          <button type="button" class="plain" onClick={() => show(null)}>
            {said.newMontage}
          </button>
        </div>
      </header>
      {status.state === 'done' && <LeftOut shown={shown} />}
      {status.state === 'done' && shown.refused && <p role="alert">{shown.refused}</p>}
    </section>
  );
}
