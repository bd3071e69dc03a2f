import { useEffect, useRef, useState } from 'preact/hooks';
import type { Style } from '../../../../shared/style.ts';
import { paceOf } from './paces.ts';
import type { PaceBar } from './pacing.ts';

/** A style's cuts over one and the same song: narrow and tall where they are fast. Drawn once it is seen. */
export function PaceGraph({ style }: { style: Style }) {
  const place = useRef<SVGSVGElement>(null);
  const [outline, setOutline] = useState('');
  useEffect(() => {
    let isWanted = true;
    const seen = new IntersectionObserver(async ([entry]) => {
      if (!entry?.isIntersecting) return;
      seen.disconnect();
      // A card is of use without its graph.
      const bars = await paceOf(style).catch(() => []);
      if (isWanted) setOutline(outlineOf(bars));
    });
    if (place.current) seen.observe(place.current);
    return () => {
      isWanted = false;
      seen.disconnect();
    };
  }, [style]);
  return (
    <svg ref={place} class="pace" viewBox="0 0 300 40" preserveAspectRatio="none" aria-hidden="true">
      <path d={outline} />
    </svg>
  );
}

/** Each bar is a piece of its own, beginning at its lower left. */
const outlineOf = (bars: readonly PaceBar[]) =>
  bars
    .map(({ start, length, speed }) => {
      const [width, height] = [Math.max(0.6, length * 300 - 1), speed * 40].map(tenths);
      return `M${tenths(start * 300)} 40v-${height}h${width}v${height}z`;
    })
    .join('');

const tenths = (number: number) => Math.round(number * 10) / 10;
