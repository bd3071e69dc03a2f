import { useEffect, useRef } from 'preact/hooks';
import { hasToSignIn } from './who.ts';

/** Has whoever has just signed in go on at what `place` selects: what they filled in at the door is gone. */
export function useGoOnInside(place: string): void {
  const isOut = hasToSignIn.value;
  const wasOut = useRef(isOut);
  useEffect(() => {
    if (wasOut.current && !isOut) document.querySelector<HTMLElement>(place)?.focus();
    wasOut.current = isOut;
  }, [isOut]);
}
