/** The operator's page, for whoever runs Montage. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { z } from 'zod';
import { Appearance } from '../appearance.tsx';
import { Notice } from '../notice.tsx';
import { dress } from '../theme.ts';
import { sayLanguage } from '../words/language.ts';
import { Cleaning } from './cleaning.tsx';
import { Failures, LostCalls } from './failures.tsx';
import { timeOf } from './moment.ts';
import { follow, news, trouble } from './ops-news.ts';
import { Functions, Jobs, Store, Work } from './tables.tsx';
import { opsWords } from './words/ops-words.ts';
import '../header.css';
import './ops.css';

/** How the whole stands, for whoever runs it. */
function OpsPage() {
  const said = opsWords.value;
  const now = news.value;
  return (
    <>
      <header class="head ops-head">
        <h1>
          <a href="/">Montage</a> <span class="quiet">{said.title}</span>
        </h1>
        <div class="head-rest">
          <Appearance />
        </div>
      </header>
      <main class="ops">
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
      <Notice />
    </>
  );
}

// The policy lets no text become script, which zod would do to check faster.
z.config({ jitless: true });

sayLanguage();
dress();
effect(() => {
  document.title = `${opsWords.value.title} · Montage`;
});
const place = document.getElementById('ops');
if (place) {
  place.replaceChildren();
  render(<OpsPage />, place);
}
follow();
