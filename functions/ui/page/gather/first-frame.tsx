import { useEffect, useRef, useState } from 'preact/hooks';
import { firstFrame } from '../change/stills.ts';

/** Made once each; the page is open for as long as they are wanted. */
const made = new Map<string, Promise<string | null>>();

/** The first picture of a clip, made by the browser when it comes into view. */
export function FirstFrame({ name, source }: { name: string; source: () => File | string | null }) {
  const place = useRef<HTMLSpanElement>(null);
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    const seen = new IntersectionObserver(([entry]) => {
      const from = entry?.isIntersecting ? source() : null;
      if (!from) return;
      seen.disconnect();
      const making = made.get(name) ?? firstFrame(from);
      made.set(name, making);
      void making.then(setPicture);
    });
    if (place.current) seen.observe(place.current);
    return () => seen.disconnect();
  }, [name]);
  return (
    <span class="first-frame" ref={place}>
      {picture && <img src={picture} alt="" decoding="async" />}
    </span>
  );
}
