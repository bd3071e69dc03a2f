import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Has whoever is at an item of a list, when it goes, go on at the next one, else the one before, there at what `inItem` selects;
 * else at what closes the dialog that they are in. Gives what marks the item.
 */
export function useGoOnBeside(inItem: string): RefObject<HTMLLIElement | null> {
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    // Asked while it still is where it was.
    const gone = item.current;
    return () => {
      if (!gone?.contains(document.activeElement)) return;
      const beside = gone.nextElementSibling ?? gone.previousElementSibling;
      (beside ?? gone.closest('dialog'))?.querySelector<HTMLElement>(beside ? inItem : 'button')?.focus();
    };
  }, []);
  return item;
}
