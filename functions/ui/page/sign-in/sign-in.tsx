import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf } from '../../../../shared/api/client.ts';
import { words } from '../words/language.ts';
import { cameBackOut, enter, isSessionOver, tokenTrouble } from './signing-in.ts';
import { who } from './who.ts';
import './sign-in.css';

/** What stands in the place of everything while nobody is signed in. */
export function SignIn() {
  const said = words.value;
  const { provider, token } = who.value?.signIn ?? {};
  const isOver = isSessionOver.value;
  const place = useRef<HTMLElement>(null);
  // Whoever was at work somewhere that is gone now goes on here.
  useEffect(() => place.current?.querySelector<HTMLElement>('a, input')?.focus(), []);
  // A browser opens what is dropped and nobody takes, in the place of the page.
  useEffect(() => {
    const refuse = (event: DragEvent) => event.preventDefault();
    const events = ['dragover', 'drop'] as const;
    for (const name of events) addEventListener(name, refuse);
    return () => {
      for (const name of events) removeEventListener(name, refuse);
    };
  }, []);
  return (
    <main class="sign-in" ref={place}>
      <h2>{said.signIn}</h2>
      <p class="quiet" role="status">
        {isOver ? said.sessionOver : said.signInFirst}
      </p>
      {cameBackOut.value && <p role="alert">{said.notSignedIn}</p>}
      {provider && (
        <>
          <a
            class="main-action"
            href={pathOf('signIn', { query: { to: `${location.pathname}${location.search}` } })}
            // What is in this page would be lost with it.
            target={isOver ? '_blank' : undefined}
            rel="noopener"
            aria-describedby={isOver ? 'sign-in-elsewhere' : undefined}
          >
            {said.signIn}
          </a>
          {isOver && (
            <p id="sign-in-elsewhere" class="quiet small">
              {said.signInElsewhere}
            </p>
          )}
        </>
      )}
      {token && <TokenForm isSecond={provider === true} />}
    </main>
  );
}

function TokenForm({ isSecond }: { isSecond: boolean }) {
  const said = words.value;
  const trouble = tokenTrouble.value;
  const [isBusy, setBusy] = useState(false);
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem('token') as HTMLInputElement;
        if (isBusy || field.value.trim() === '') return field.focus();
        setBusy(true);
        await enter(field.value.trim());
        setBusy(false);
        if (tokenTrouble.peek()) field.select();
      }}
    >
      <label for="token">{isSecond ? said.orToken : said.token}</label>
      <input
        id="token"
        name="token"
        type="password"
        autocomplete="current-password"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={trouble !== null}
        aria-describedby={trouble ? 'token-trouble' : 'token-hint'}
      />
      {trouble ? (
        <p id="token-trouble" role="alert" lang={trouble === 'wrong' ? undefined : 'en'}>
          {trouble === 'wrong' ? said.wrongToken : trouble.sentence}
        </p>
      ) : (
        <p id="token-hint" class="quiet small">
          {said.tokenHint}
        </p>
      )}
      <button type="submit" class={isSecond ? 'plain' : 'main-action'} aria-disabled={isBusy}>
        {isSecond ? said.signInByToken : said.signIn}
      </button>
    </form>
  );
}
