const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes as people read it: `1.5 GiB`. */
export function bytesIn(bytes: number, locale: string): string {
  let [value, unit] = [bytes, 0];
  // What would be rounded to 1024 is the next unit's already.
  for (; value >= 1023.95 && unit < UNITS.length - 1; unit += 1) value /= 1024;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: value < 100 && unit > 0 ? 1 : 0 }).format(value)} ${UNITS[unit]}`;
}

const SPANS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** A length of time in the largest unit that it fills twice, else in seconds: `95 sec`, `12 min`, `3 days`. */
export function ageIn(seconds: number, locale: string): string {
  const span = SPANS.find((each) => seconds >= 2 * each.seconds) ?? SPANS[3];
  const style = { style: 'unit', unit: span.unit, unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(locale, style).format(Math.floor(seconds / span.seconds));
}

/** A short time to the tenth of a second: `0.4 sec`. */
export function secondsIn(seconds: number, locale: string): string {
  const style = { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, style).format(seconds);
}
