import { useEffect, useRef, useState } from 'preact/hooks';
import { firstFrame } from '../change/stills.ts';
import { whenLookedAt } from './looked-at.ts';

/** Made once each; the page is open for as long as they are wanted. */
const made = new Map<string, Promise<string | null>>();
/** Those that are there, for what is drawn anew. */
const there = new Map<string, string | null>();

/** The first picture of a clip, made by the browser when it is looked at. */
export function FirstFrame({ name, source }: { name: string; source: () => File | string | null }) {
  const place = useRef<HTMLSpanElement>(null);
  const [picture, setPicture] = useState(there.get(name) ?? null);
  useEffect(() => {
    if (!place.current) return;
    return whenLookedAt(place.current.closest('.clip-rows') ?? place.current, () => {
      const from = source();
      if (!from) return;
      const making = made.get(name) ?? firstFrame(from);
      made.set(name, making);
      void making.then((address) => {
        there.set(name, address);
        setPicture(address);
      });
    });
  }, [name]);
  return (
    <span class="first-frame" ref={place}>
      {picture && <img src={picture} alt="" decoding="async" />}
    </span>
  );
}
