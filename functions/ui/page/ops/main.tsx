/** The operator's page, for whoever runs Montage. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { z } from 'zod';
import { Appearance } from '../appearance.tsx';
import { Notice } from '../notice.tsx';
import { Account, AccountButton, accountOpen } from '../sign-in/account.tsx';
import { useGoOnInside } from '../sign-in/go-on-inside.ts';
import { SignIn } from '../sign-in/sign-in.tsx';
import { meet } from '../sign-in/signing-in.ts';
import { hasToSignIn } from '../sign-in/who.ts';
import { dress } from '../theme.ts';
import { sayLanguage } from '../words/language.ts';
import { Cleaning } from './cleaning.tsx';
import { Failures, LostCalls } from './failures.tsx';
import { timeOf } from './moment.ts';
import { follow, isForOthers, news, trouble } from './ops-news.ts';
import { Functions, Jobs, Store, Work } from './tables.tsx';
import { opsWords } from './words/ops-words.ts';
import '../header.css';
import './ops.css';

/** How the whole stands, for whoever runs it. */
function OpsPage() {
  const said = opsWords.value;
  useGoOnInside('main');
  return (
    <>
      <header class="head ops-head">
        <h1>
          <a href="/">Montage</a> <span class="quiet">{said.title}</span>
        </h1>
        <div class="head-rest">
          <Appearance />
        </div>
        <AccountButton />
      </header>
      {hasToSignIn.value ? <SignIn /> : <Standing />}
      <Account />
      {!accountOpen.value && <Notice />}
    </>
  );
}

/** All of it, for whom it is for. */
function Standing() {
  const said = opsWords.value;
  const now = news.value;
  if (isForOthers.value)
    return (
      <main class="ops" tabIndex={-1}>
        <p role="alert">{said.forOperators}</p>
        <p>
          <a href="/">{said.toMontage}</a>
        </p>
      </main>
    );
  return (
    <main class="ops" tabIndex={-1}>
      {trouble.value ? (
        <p role="alert">{trouble.value}</p>
      ) : (
        <p class="quiet small numbers">{now ? said.asOf(timeOf(now.at)) : said.loading}</p>
      )}
      {now && (
        <div class="ops-parts">
          <Jobs jobs={now.ops.jobs} />
          <Failures failures={now.ops.failures} />
          <LostCalls calls={now.ops.lostCalls} />
          <Work work={now.ops.work} />
          <Store store={now.ops.store} />
          <Functions now={now.functions} />
          <Cleaning />
        </div>
      )}
    </main>
  );
}

// The policy lets no text become script, which zod would do to check faster.
z.config({ jitless: true });

sayLanguage();
dress();
effect(() => {
  document.title = `${opsWords.value.title} · Montage`;
});
// A token that comes with the address is taken before anything else is asked.
await meet();
const place = document.getElementById('ops');
if (place) {
  place.replaceChildren();
  render(<OpsPage />, place);
}
follow();
