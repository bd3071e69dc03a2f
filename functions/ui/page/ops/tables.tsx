import type { FunctionsNow, Ops, StageWork } from '../../../../shared/api/ops.ts';
import { JOB_STATES } from '../../../../shared/job.ts';
import { recognise } from '../../../../shared/keys.ts';
import { addressOf } from '../make/job-address.ts';
import { locale } from '../words/language.ts';
import { ageIn, bytesIn, secondsIn } from './amounts.ts';
import { timeOf } from './moment.ts';
import { Table } from './table.tsx';
import { opsWords } from './words/ops-words.ts';

const NEARLY_FULL = 0.8;
const PODS = 'kubectl get pods -n montage-ai -l serving.knative.dev/service';

const whole = (number: number) => number.toLocaleString(locale.value);
const age = (seconds: number | null) => (seconds === null ? '–' : ageIn(seconds, locale.value));

/** How many jobs are in each state. */
export function Jobs({ jobs }: { jobs: Ops['jobs'] }) {
  const said = opsWords.value;
  return (
    <section class="ops-part" aria-labelledby="ops-jobs">
      <h2 id="ops-jobs">{said.jobs}</h2>
      <dl class="ops-states">
        {JOB_STATES.map((state) => (
          <div key={state}>
            <dt>{said.states[state]}</dt>
            <dd class="numbers">{whole(jobs[state])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What waits in each stage, for how long, and who is at what. */
export function Work({ work }: { work: readonly StageWork[] }) {
  const said = opsWords.value;
  const rows = work.map(({ stage, waiting, oldestWaitingSeconds, atWork }) => ({
    name: stage,
    cells: [whole(waiting), age(oldestWaitingSeconds), whole(atWork.length)],
  }));
  const held = work.flatMap(({ stage, atWork }) => atWork.map((each) => ({ stage, ...each })));
  return (
    <Table id="ops-work" title={said.work} heads={[said.stage, said.waiting, said.oldest, said.atWork]} rows={rows}>
      {held.length > 0 && (
        <ul class="ops-holders small numbers" aria-label={said.holders}>
          {held.map(({ stage, item, holder, reason }) => (
            <li key={`${stage} ${item}`}>
              <code>{stage}</code> <For reason={reason ?? item} /> <span class="quiet">{holder}</span>
            </li>
          ))}
        </ul>
      )}
    </Table>
  );
}

/** What a piece of work is for: a job, where its request says so. */
function For({ reason }: { reason: string }) {
  const job = recognise('jobs', reason)?.fields.job;
  return job === undefined ? <span>{reason}</span> : <a href={addressOf(job)}>{job}</a>;
}

/** The functions' processes, where this Montage runs them itself. */
export function Functions({ now }: { now: FunctionsNow | null }) {
  const said = opsWords.value;
  if (!now)
    return (
      <section class="ops-part" aria-labelledby="ops-functions">
        <h2 id="ops-functions">{said.functions}</h2>
        <p>{said.onCluster}</p>
        <p>
          <code>{PODS}</code>
        </p>
      </section>
    );
  const isUsed = (each: FunctionsNow['functions'][number]) => each.coldStarts + each.replicas + each.waiting > 0;
  const unused = now.functions.filter((each) => !isUsed(each)).map(({ name }) => name);
  const rows = now.functions.filter(isUsed).map((each) => ({
    name: each.name,
    cells: [
      whole(each.replicas),
      whole(each.atWork),
      whole(each.waiting),
      age(each.oldestWaitingSeconds),
      whole(each.coldStarts),
      each.lastColdStartSeconds === null ? '–' : secondsIn(each.lastColdStartSeconds, locale.value),
    ],
  }));
  const heads = [
    said.function,
    said.replicas,
    said.atWork,
    said.waiting,
    said.oldest,
    said.coldStarts,
    said.lastColdStart,
  ];
  return (
    <Table id="ops-functions" title={said.functions} heads={heads} rows={rows}>
      {unused.length > 0 && <p class="quiet small">{said.neverStarted(unused)}</p>}
    </Table>
  );
}

/** What the store holds, and how much more it takes. */
export function Store({ store: { buckets, freeBytes } }: { store: Ops['store'] }) {
  const said = opsWords.value;
  const hasQuotas = buckets.some(({ quotaBytes }) => quotaBytes !== null);
  const percent = new Intl.NumberFormat(locale.value, { style: 'percent' });
  const size = (bytes: number) => bytesIn(bytes, locale.value);
  const rows = buckets.map(({ bucket, objects, bytes, quotaBytes }) => {
    const share = bytes !== null && quotaBytes ? bytes / quotaBytes : null;
    const quota =
      quotaBytes === null ? '–' : said.quotaUsed(share === null ? '–' : percent.format(share), size(quotaBytes));
    return {
      name: bucket,
      cells: [
        objects === null ? said.notCounted : whole(objects),
        bytes === null ? '–' : size(bytes),
        ...(hasQuotas ? [quota] : []),
      ],
      isMarked: share !== null && share > NEARLY_FULL,
    };
  });
  const heads = [said.bucket, said.objects, said.size, ...(hasQuotas ? [said.quota] : [])];
  const counted = buckets.flatMap(({ countedAt }) => countedAt ?? []).sort()[0];
  return (
    <Table id="ops-store" title={said.store} heads={heads} rows={rows}>
      <p class="quiet small numbers">
        {[freeBytes !== null && said.free(size(freeBytes)), counted && said.counted(timeOf(new Date(counted)))]
          .filter(Boolean)
          .join(' ')}
      </p>
    </Table>
  );
}
