interface Listed {
  readonly key: string;
  readonly etag: string;
  readonly found: { readonly state: string };
}

/** A list as it is now, made of what is the same as before: the very list where all is, so that nothing is drawn again. */
export function kept<T extends Listed>(before: readonly T[], now: readonly T[]): readonly T[] {
  const known = new Map(before.map((each) => [each.key, each]));
  const merged = now.map((each) => {
    const old = known.get(each.key);
    return old && old.etag === each.etag && old.found.state === each.found.state ? old : each;
  });
  return merged.length === before.length && merged.every((each, i) => each === before[i]) ? before : merged;
}
