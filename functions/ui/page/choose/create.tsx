import { QUALITY_PROFILES } from '../../../../shared/quality.ts';
import { FORMATS, ORDER_LIMITS, QUALITIES } from '../../../../shared/request.ts';
import { clipsWanted, songEntries } from '../gather/gathered.ts';
import { words } from '../words/language.ts';
import { choices, choose, create, creation, dontCreate } from './creating.ts';
import { MakeItSo } from './make-it-so.tsx';
import { lengthOf, obstacle, seedOf } from './order.ts';
import { styleChosen } from './style-chosen.ts';
import './create.css';

/** How the montage is to be, and the one button that asks for it. */
export function Create() {
  const said = words.value;
  const now = creation.value;
  const isStyle = styleChosen.value.trouble === null;
  const clips = clipsWanted.value;
  const usable = clips.filter(({ stored }) => stored?.found.state !== 'rejected').length;
  const missing = obstacle(choices.value, isStyle, { clips: clips.length, usable, songs: songEntries.value.length });
  const isBusy = now.state === 'sending' || now.state === 'asking';
  return (
    <section class="create" aria-label={said.create}>
      <Options />
      <div class="create-row">
        <MakeItSo />
        <button
          type="button"
          class="main-action"
          // Said to be off rather than off, so that it can be reached and says what is missing.
          aria-disabled={missing !== null || isBusy}
          aria-describedby="create-why"
          onClick={() => {
            if (missing === null && !isBusy) create();
          }}
        >
          {now.state === 'asking' ? said.creating : said.create}
        </button>
        <p id="create-why" class="create-why" role="status">
          {missing !== null && now.state === 'none' && said.missing[missing]}
          {now.state === 'sending' && Number.isFinite(now.files) && said.willCreate(now.files)}
          {now.state === 'failed' && now.sentence}
        </p>
        {now.state === 'sending' && (
          <button type="button" class="plain" onClick={dontCreate}>
            {said.dontCreate}
          </button>
        )}
      </div>
    </section>
  );
}

function Options() {
  const said = words.value;
  const { format, quality, length, title, seed } = choices.value;
  return (
    <div class="options">
      <label>
        <span>{said.format}</span>
        <select
          value={format ?? ''}
          onChange={({ currentTarget: { value } }) =>
            choose({ format: FORMATS.find((each) => each === value) ?? null })
          }
        >
          <option value="">{said.formats.auto}</option>
          {FORMATS.map((each) => (
            <option key={each} value={each}>
              {said.formats[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{said.quality}</span>
        <select
          value={quality}
          onChange={({ currentTarget: { value } }) =>
            choose({ quality: QUALITIES.find((each) => each === value) ?? quality })
          }
        >
          {QUALITIES.map((each) => (
            <option key={each} value={each}>
              {said.qualityOf(said.qualities[each], QUALITY_PROFILES[each].longSide, QUALITY_PROFILES[each].shortSide)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{said.length}</span>
        <input
          class="numbers"
          value={length}
          inputMode="text"
          autocomplete="off"
          placeholder={said.lengthPlaceholder}
          aria-describedby="length-hint"
          aria-invalid={lengthOf(choices.value) === 'wrong'}
          onInput={({ currentTarget }) => choose({ length: currentTarget.value })}
        />
      </label>
      <p id="length-hint" class="hint quiet small">
        {said.lengthHint(ORDER_LIMITS.leastSeconds, ORDER_LIMITS.mostSeconds)}
      </p>
      <details class="more">
        <summary>{said.more}</summary>
        <label>
          <span>{said.title}</span>
          <input
            value={title}
            maxLength={ORDER_LIMITS.titleLength}
            autocomplete="off"
            onInput={({ currentTarget }) => choose({ title: currentTarget.value })}
          />
        </label>
        <label>
          <span>{said.seed}</span>
          <input
            class="numbers"
            value={seed}
            inputMode="numeric"
            autocomplete="off"
            aria-describedby="seed-hint"
            aria-invalid={seedOf(choices.value) === 'wrong'}
            onInput={({ currentTarget }) => choose({ seed: currentTarget.value })}
          />
        </label>
        <p id="seed-hint" class="hint quiet small">
          {said.seedHint(ORDER_LIMITS.mostSeed)}
        </p>
      </details>
    </div>
  );
}
