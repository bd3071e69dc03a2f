import { useId, useState } from 'preact/hooks';
import { locale } from '../words/language.ts';
import { bytesIn } from './amounts.ts';
import { type Cleaning as Being, clean, cleaning, count, type Kind } from './cleaning-up.ts';
import { opsWords } from './words/ops-words.ts';

/** Days after which a cluster's store deletes segments by itself; jobs it never does. */
const DAYS: Readonly<Record<Kind, number>> = { segments: 30, jobs: 90 };

/** Emptying the cache and forgetting old jobs, each after a look at what would go. */
export function Cleaning() {
  const said = opsWords.value;
  return (
    <section class="ops-part" aria-labelledby="ops-cleaning">
      <h2 id="ops-cleaning">{said.cleaning}</h2>
      <p class="quiet small">{said.cleaningMeans}</p>
      <Clean what="segments" />
      <Clean what="jobs" />
    </section>
  );
}

function Clean({ what }: { what: Kind }) {
  const said = opsWords.value;
  const [days, setDays] = useState(String(DAYS[what]));
  const id = useId();
  const state = cleaning[what].value;
  const isBusy = state.at === 'counting' || state.at === 'cleaning';
  const olderThanDays = days.trim() === '' ? Number.NaN : Number(days);
  const isWrong = !(olderThanDays >= 0 && olderThanDays <= 36_500);
  return (
    <form
      class="ops-clean"
      aria-label={said.kinds[what]}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && !isWrong) void count(what, olderThanDays);
      }}
    >
      <strong>{said.kinds[what]}</strong>
      <label for={id}>{said.olderThan}</label>
      <input
        id={id}
        class="numbers"
        type="number"
        min="0"
        max="36500"
        step="any"
        required
        value={days}
        disabled={isBusy}
        onInput={({ currentTarget }) => {
          setDays(currentTarget.value);
          cleaning[what].value = { at: 'rest' };
        }}
      />
      <button type="submit" class="plain" aria-label={said.lookOf(said.kinds[what])} disabled={isBusy || isWrong}>
        {said.look}
      </button>
      <p class="ops-cleaned numbers" role="status">
        {inWords(state)}
      </p>
      {state.at === 'counted' && state.amount.objects > 0 && (
        <button type="button" class="plain" onClick={() => void clean(what, state.olderThanDays)}>
          {said.clean(state.amount.jobs, state.amount.objects)}
        </button>
      )}
    </form>
  );
}

function inWords(state: Being): string {
  const said = opsWords.value;
  if (state.at === 'rest') return '';
  if (state.at === 'counting') return said.counting;
  const { jobs, objects } = state.amount;
  if (state.at === 'counted' && objects === 0) return said.nothingOld;
  const say = { counted: said.wouldGo, cleaning: said.cleaningNow, cleaned: said.cleaned }[state.at];
  return say(jobs, objects, bytesIn(state.amount.bytes, locale.value));
}
