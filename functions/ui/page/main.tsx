import { render } from 'preact';
import { z } from 'zod';
import { followChanges } from './changing.ts';
import { sayLanguage } from './language.ts';
import { open } from './library.ts';
import { Page } from './page.tsx';
import { sayTitle } from './page-title.ts';
import { takeUpUploads } from './restoring.ts';
import { followRevisions } from './revision-list.ts';
import { guardUnsent } from './sending.ts';
import { dress } from './theme.ts';
import { followTimeline } from './timeline-shown.ts';
import { watchAddress } from './watching.ts';

// The policy lets no text become script, which zod would do to check faster.
z.config({ jitless: true });

sayLanguage();
dress();
sayTitle();
const place = document.getElementById('page');
if (place) {
  place.replaceChildren();
  render(<Page />, place);
}
void open();
void takeUpUploads();
watchAddress();
followTimeline();
followRevisions();
followChanges();
guardUnsent();
