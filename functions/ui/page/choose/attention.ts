const MOST = 2;

/** What makes a card's preview play, by style; null where nothing does. */
export interface Attention {
  /** Under the mouse. */
  readonly pointed: string | null;
  readonly focused: string | null;
  /** In the middle of the cards, where there is no mouse to point with. */
  readonly centred: string | null;
  readonly chosen: string | null;
}

/** Styles whose previews play: two at most, of those that are looked at the nearest first. */
export function playingOf({ pointed, focused, centred, chosen }: Attention): ReadonlySet<string> {
  const wanted = [pointed, focused, centred, chosen].filter((style) => style !== null);
  return new Set([...new Set(wanted)].slice(0, MOST));
}
