import { type Probe, probe } from '../../shared/media/probe.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Piece } from '../../shared/segments.ts';
import { firstPictureSeconds } from './entry.ts';

/** What render needs to know of a clip's file, whichever piece of it is shown. */
export interface Clip {
  container: string;
  video: NonNullable<Probe['video']>;
  /** Time of the first picture that can be decoded, on the file's clock. */
  firstSeconds: number;
}

/** Looks at the clip of a piece, which is at `source`, a path or bridge URL. */
export type LookAtClip = (piece: Piece, source: string, signal?: AbortSignal) => Promise<Clip>;

/** @throws {Refusal} when the source has no picture. */
export const lookAtClip: LookAtClip = async ({ file }, source, signal) => {
  const { container, video } = await probe(source, { file, signal });
  if (!video) throw new Refusal(`${file} has no picture: take it out of the montage`);
  return { container, video, firstSeconds: await firstPictureSeconds(source, video.index, signal) };
};

/** Remembers the clips that were looked at last, at most `most` of them, by their content: one look does for all pieces. */
export class KnownClips {
  readonly #look: LookAtClip;
  readonly #most: number;
  readonly #known = new Map<string, Clip>();

  constructor(look: LookAtClip, most = 100) {
    this.#look = look;
    this.#most = most;
  }

  readonly look: LookAtClip = async (piece, source, signal) => {
    const seen = this.#known.get(piece.etag) ?? (await this.#look(piece, source, signal));
    this.#known.delete(piece.etag);
    this.#known.set(piece.etag, seen);
    for (const [oldest] of this.#known) if (this.#known.size > this.#most) this.#known.delete(oldest);
    return seen;
  };

  forget(): void {
    this.#known.clear();
  }
}
