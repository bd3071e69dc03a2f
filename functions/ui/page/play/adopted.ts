/** A piece of the montage: its frames, `to` exclusive, and the address of its file once it is rendered. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly address: string | null;
}

/**
 * Which rendered pieces are played from now on: those that are played already, and the new ones that aren't seen at `frame` or
 * within `ahead` frames after it, where the picture would jump or come too late. The others wait for the next time they are shown.
 */
export function adopted(
  pieces: readonly Piece[],
  before: ReadonlySet<string>,
  frame: number,
  ahead: number,
): { readonly played: ReadonlySet<string>; readonly isWaiting: boolean } {
  const rendered = pieces.flatMap(({ address, ...piece }) => (address === null ? [] : [{ ...piece, address }]));
  const isPlayed = ({ from, to, address }: (typeof rendered)[number]) =>
    before.has(address) || to <= frame || from > frame + ahead;
  const played = rendered.filter(isPlayed);
  return { played: new Set(played.map(({ address }) => address)), isWaiting: played.length < rendered.length };
}
