/** Makes a picture larger. */
type Upscale = (picture: Uint8Array) => Promise<Uint8Array>;

/**
 * As `upscale`, but a picture that is the same as the one before it, byte by byte, has that one's result and costs
 * nothing.
 */
export interface WithoutRepeats {
  /**
   * Pictures given mustn't change afterwards, nor results that are given back: the next picture may get them as well.
   */
  upscale: Upscale;
  /** How many were like the one before them. */
  readonly repeated: number;
}

/** Films stand still: titles, drawings held for two frames, screens, 24 frames shown as 60. */
export function withoutRepeats(upscale: Upscale): WithoutRepeats {
  let before: { picture: Uint8Array; large: Promise<Uint8Array> } | null = null;
  let repeated = 0;
  return {
    upscale(picture) {
      if (before && Buffer.compare(before.picture, picture) === 0) {
        repeated++;
        return before.large;
      }
      before = { picture, large: upscale(picture) };
      return before.large;
    },
    get repeated() {
      return repeated;
    },
  };
}
