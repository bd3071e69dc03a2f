import { useEffect } from 'preact/hooks';
import { pathOf } from '../../../../shared/api/client.ts';
import type { JobStatus } from '../../../../shared/status.ts';
import { nameOf } from '../choose/style-cards.tsx';
import { styles } from '../gather/library.ts';
import { useGoOnBeside } from '../go-on-beside.ts';
import { Panel } from '../panel.tsx';
import { nameToRead } from '../sign-in/own-names.ts';
import { locale, words } from '../words/language.ts';
import { jobShown, show } from './address.ts';
import { addressOf } from './job-address.ts';
import {
  deleteSoon,
  going,
  hasOlder,
  historyOpen,
  historyTrouble,
  jobs,
  lookFurtherBack,
  takenBack,
} from './made-before.ts';
import './history.css';

/** Everything that was ever asked for, newest first. */
export function History() {
  const said = words.value;
  const shown = jobs.value?.filter(({ id }) => !going.value.has(id)) ?? null;
  return (
    <Panel open={historyOpen} title={said.history}>
      {historyTrouble.value && <p role="alert">{historyTrouble.value}</p>}
      {shown === null && !historyTrouble.value && <p class="quiet">{said.loading}</p>}
      {shown?.length === 0 && <p class="quiet">{said.noHistory}</p>}
      {shown && shown.length > 0 && (
        <ol class="history">
          {shown.map((job) => (
            <Made key={job.id} job={job} />
          ))}
        </ol>
      )}
      {hasOlder.value && (
        <button type="button" class="plain" onClick={lookFurtherBack}>
          {said.older}
        </button>
      )}
    </Panel>
  );
}

function Made({ job }: { job: JobStatus }) {
  const said = words.value;
  const { id, state, createdAt } = job;
  const set = nameToRead(job.footageSet);
  const known = styles.value.find((style) => style.id === job.style);
  const style = known ? nameOf(known)[0] : job.style;
  const name = said.montageOf(set, style);
  const when = new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' });
  const item = useGoOnBeside('a');
  useEffect(() => {
    if (takenBack.peek() === id) item.current?.querySelector('button')?.focus();
  }, []);
  return (
    <li ref={item} class="made">
      <a
        href={addressOf(id)}
        aria-current={jobShown.value === id ? 'page' : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          historyOpen.value = false;
          show(id);
        }}
      >
        <span class="made-picture">
          {job.outputs.includes('poster.jpg') && (
            <img src={pathOf('findOutput', { parameters: { job: id, file: 'poster.jpg' } })} alt="" loading="lazy" />
          )}
        </span>
        <span class="made-words">
          <strong>{set}</strong>
          <span>
            {style} · {said.states[state]}
          </span>
          <time class="quiet numbers" dateTime={createdAt}>
            {when.format(new Date(createdAt))}
          </time>
        </span>
      </a>
      <button type="button" class="small-button" aria-label={said.delete(name)} onClick={() => deleteSoon(job, name)}>
        {said.deleteShort}
      </button>
    </li>
  );
}
