import { muxerOf } from './container.ts';
import type { Film } from './film.ts';
import { subtitlesLost } from './subtitles.ts';

/** What a film has that its larger copy at `destination` won't: phrases for a person, none where it has all. */
export function leftOut(film: Film, destination: string): string[] {
  const muxer = muxerOf(destination);
  const subtitles = [...new Set(subtitlesLost(film, muxer))];
  return [
    ...(subtitles.length > 0 ? [`subtitles that ${film.file} has as ${subtitles.join(', ')}`] : []),
    ...(film.stored.alpha ? ['transparency'] : []),
    ...(film.stored.bits > 10 ? [`all but 10 of the ${film.stored.bits} bits of each sample`] : []),
    ...(film.further.length > 0 ? [`what is neither picture, sound nor subtitles (${film.further.join(', ')})`] : []),
  ];
}
