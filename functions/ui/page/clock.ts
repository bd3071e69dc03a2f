/** A length or a place in time as people say it: `2:04`, `1:02:09`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** The same to the millisecond, as editors need it: `0:12.480`. */
export function exactClock(seconds: number): string {
  const thousandths = Math.max(0, Math.round(seconds * 1000));
  const rest = `${two(Math.floor(thousandths / 1000) % 60)}.${String(thousandths % 1000).padStart(3, '0')}`;
  const minutes = Math.floor(thousandths / 60_000);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** Seconds of what a person types, `90`, `1:30` or `1:30.5`; null where it is neither. */
export function secondsIn(text: string): number | null {
  const match = /^(?:(\d+):(?=\d\d?(?:$|[.,])))?(\d+(?:[.,]\d+)?)$/.exec(text.trim());
  if (!match) return null;
  return Number(match[1] ?? 0) * 60 + Number(match[2]?.replace(',', '.'));
}

const two = (value: number) => String(value).padStart(2, '0');
