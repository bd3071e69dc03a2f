import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Appearance } from './appearance.tsx';
import { chooseSet, setFixed, setName, sets } from './gather/library.ts';
import { isSetName } from './gather/sorting.ts';
import { naming, rename, settleName, uploads } from './gather/uploading.ts';
import { keysOpen } from './keys.tsx';
import { show } from './make/address.ts';
import { historyOpen, lookBack } from './make/made-before.ts';
import { AccountButton } from './sign-in/account.tsx';
import { hasToSignIn } from './sign-in/who.ts';
import { words } from './words/language.ts';
import './header.css';

/** The name of the page, the set it is about, and what holds for all of it. */
export function Header() {
  return (
    <header class="head">
      <h1>
        <a
          href="/"
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            show(null);
          }}
        >
          Montage
        </a>
      </h1>
      {!hasToSignIn.value && <SetChoice />}
      <div class="head-rest">
        {!hasToSignIn.value && <Buttons />}
        <Appearance />
      </div>
      <AccountButton />
    </header>
  );
}

function Buttons() {
  const said = words.value;
  return (
    <>
      <button
        type="button"
        class="plain"
        onClick={() => {
          historyOpen.value = true;
          void lookBack();
        }}
      >
        {said.history}
      </button>
      <button
        type="button"
        class="plain keys-button"
        onClick={() => {
          keysOpen.value = true;
        }}
      >
        {said.keys}
      </button>
    </>
  );
}

/** Which set of clips: one that is there, or a new one and its name. */
function SetChoice() {
  const said = words.value;
  // Nobody writes in a field that is gone: what waits for its name goes on.
  useEffect(() => () => settleName(), []);
  const name = setName.value;
  const field = useRef<HTMLInputElement>(null);
  const written = useRef('');
  // What the page calls it while somebody is about to write gives way to what they write.
  useLayoutEffect(() => {
    if (name !== written.current && document.activeElement === field.current) field.current?.select();
  }, [name]);
  const names = [
    ...new Set([
      ...sets.value.map((set) => set.name),
      ...uploads.value.flatMap(({ set, state }) => (set && state !== 'waiting' ? set : [])),
    ]),
  ].sort((a, b) => a.localeCompare(b));
  const isNew = !setFixed.value;
  const isWrong = isNew && name !== '' && !isSetName(name);
  return (
    <div class="set-choice">
      <select
        aria-label={said.set}
        value={isNew ? '' : name}
        onChange={({ currentTarget }) => void chooseSet(currentTarget.value || null)}
      >
        <option value="">{said.newSet}</option>
        {(isNew || names.includes(name) ? names : [...names, name]).map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      {isNew && (
        <input
          ref={field}
          aria-label={said.setName}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? 'set-wrong' : undefined}
          value={name}
          maxLength={100}
          placeholder={said.setPlaceholder}
          autocomplete="off"
          spellcheck={false}
          onFocus={() => {
            naming.value = true;
          }}
          onInput={({ currentTarget }) => {
            written.current = currentTarget.value;
            rename(written.current);
          }}
          onBlur={() => {
            settleName();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
      )}
      {isWrong && (
        <p id="set-wrong" class="set-wrong" role="alert">
          {said.badSetName}
        </p>
      )}
    </div>
  );
}
