/** What this browser keeps of a person's choices; nothing where it keeps nothing, as in some private windows. */
export function remembered(name: string): string | null {
  try {
    return globalThis.localStorage?.getItem(`montage.${name}`) ?? null;
  } catch {
    return null;
  }
}

/** Keeps a choice for the next visit; null forgets it. */
export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`montage.${name}`);
    else localStorage.setItem(`montage.${name}`, value);
  } catch {
    // The choice holds for this visit then.
  }
}
