import { useLayoutEffect, useRef } from 'preact/hooks';
import { focusOf } from './focus.ts';
import { type Action, actionOf } from './keyboard.ts';

export type Actions = Partial<Record<Action, () => void>>;

/**
 * Has keys run the actions that `actionsNow` gives when one is pressed, while this part of the page is there and no dialog is open.
 * A press that it has no action for is left to others, and to the browser.
 */
export function useKeyActions(actionsNow: () => Actions): void {
  const latest = useRef(actionsNow);
  latest.current = actionsNow;
  // What is drawn hears keys at once: who sees it may press one before the browser gets round to effects.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]')) return;
      const action = actionOf(event, focusOf(event.target));
      const run = action && latest.current()[action];
      if (!run) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
