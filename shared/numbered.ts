/** A name or key where the one that was meant is taken: "song.mp3", "song (2).mp3". */
export function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const [, stem, ending] = /^(.*?)(\.[^./]*)?$/s.exec(name) ?? [];
  return `${stem} (${number})${ending ?? ''}`;
}
