import type { Focus } from './keyboard.ts';

/** What the focus is on, as far as it decides whose key a press is. */
export function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof HTMLElement)) return 'elsewhere';
  if (target.matches('input:is([type="radio"], [type="range"])')) return 'choice';
  // A list takes letters too, to find what begins with them.
  if (target.matches('input, textarea, select, [contenteditable]')) return 'text';
  return target.matches('button, a, summary') ? 'button' : 'elsewhere';
}
