/** How loud the song is at a moment of the montage: all of it, and falling with equal power over the last seconds, as it is mixed. */
export function songGain(seconds: number, length: number, fadeOutSeconds: number): number {
  const left = length - seconds;
  if (fadeOutSeconds <= 0 || left >= fadeOutSeconds) return 1;
  return Math.max(0, Math.cos((Math.PI / 2) * (1 - left / fadeOutSeconds)));
}
