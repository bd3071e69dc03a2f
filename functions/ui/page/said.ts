import { signal } from '@preact/signals';

/** What the page has just said, seen at its foot and heard by a screen reader. */
export const said = signal<{ text: string; action?: { label: string; run: () => void } } | null>(null);

const LONG_ENOUGH_MS = 6000;
let fading: ReturnType<typeof setTimeout> | undefined;

/** Says a sentence for a while. */
export function say(text: string, action?: { label: string; run: () => void }, forMs = LONG_ENOUGH_MS): void {
  said.value = action ? { text, action } : { text };
  clearTimeout(fading);
  fading = setTimeout(hush, forMs);
}

/** Takes back what was said. */
export function hush(): void {
  clearTimeout(fading);
  said.value = null;
}
