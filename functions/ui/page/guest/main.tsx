/** The page of a share link: one montage, and nothing of the rest. */
import { render } from 'preact';
import { z } from 'zod';
import { dress } from '../theme.ts';
import { sayLanguage } from '../words/language.ts';
import { Guest } from './guest.tsx';
import { look } from './shared-montage.ts';

// The policy lets no text become script, which zod would do to check faster.
z.config({ jitless: true });

sayLanguage();
dress();
const place = document.getElementById('guest');
if (place) {
  place.replaceChildren();
  render(<Guest />, place);
}
void look();
