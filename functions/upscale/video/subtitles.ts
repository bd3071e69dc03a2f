import type { Film } from './film.ts';

/** Kinds of subtitles that are text, by ffmpeg's names. */
const TEXT = ['subrip', 'ass', 'ssa', 'webvtt', 'text', 'mov_text'];
/** Those that Matroska holds as they are. */
const IN_MATROSKA = ['subrip', 'ass', 'ssa', 'webvtt', 'hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle'];

/** What becomes of one of a film's subtitles: copied, written as text of the container's own kind, or left out with null. */
function codingOf(codec: string, muxer: string): 'copy' | 'subrip' | 'mov_text' | null {
  const isMatroska = muxer === 'matroska';
  if (isMatroska ? IN_MATROSKA.includes(codec) : codec === 'mov_text') return 'copy';
  if (!TEXT.includes(codec)) return null;
  return isMatroska ? 'subrip' : 'mov_text';
}

/** Kinds of a film's subtitles that a file of ffmpeg's `muxer` can't hold. */
export const subtitlesLost = ({ subtitles }: Film, muxer: string): string[] =>
  subtitles.filter(({ codec }) => !codingOf(codec, muxer)).map(({ codec }) => codec);

/** Options of ffmpeg's output that keep the other subtitles of a film, which is its input of this number. */
export function keptSubtitles({ subtitles }: Film, muxer: string, input: number): string[] {
  const kept = subtitles.flatMap(({ index, codec }) => {
    const coding = codingOf(codec, muxer);
    return coding ? [{ index, coding }] : [];
  });
  return kept.flatMap(({ index, coding }, i) => ['-map', `${input}:${index}`, `-c:s:${i}`, coding]);
}
