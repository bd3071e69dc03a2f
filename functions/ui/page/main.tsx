import { render } from 'preact';
import { z } from 'zod';
import { followChanges } from './change/changing.ts';
import { guardUnsent } from './change/sending.ts';
import { open } from './gather/library.ts';
import { takeUpUploads } from './gather/restoring.ts';
import { sayTitle } from './make/page-title.ts';
import { followTimeline } from './make/timeline-shown.ts';
import { watchAddress } from './make/watching.ts';
import { Page } from './page.tsx';
import { meet } from './sign-in/signing-in.ts';
import { dress } from './theme.ts';
import { followRevisions } from './versions/revision-list.ts';
import { sayLanguage } from './words/language.ts';

// The policy lets no text become script, which zod would do to check faster.
z.config({ jitless: true });

sayLanguage();
dress();
sayTitle();
// A token that comes with the address is taken before anything else is asked.
await meet();
// Asked before the page is drawn, so that the answers are there when it is.
void open();
const place = document.getElementById('page');
if (place) {
  place.replaceChildren();
  render(<Page />, place);
}
void takeUpUploads();
watchAddress();
followTimeline();
followRevisions();
followChanges();
guardUnsent();
