/** One page of a list, in order of name (by UTF-8 bytes): those after the one that was named, and where the next page begins. */
export function pageOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { limit, after }: { limit: number; after?: string | undefined },
): { items: Item[]; next: string | null } {
  const named = items.map((item) => ({ item, name: nameOf(item), bytes: Buffer.from(nameOf(item)) }));
  const from = after === undefined ? null : Buffer.from(after);
  const left = named
    .filter(({ bytes }) => !from || Buffer.compare(bytes, from) > 0)
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const shown = left.slice(0, limit);
  return { items: shown.map(({ item }) => item), next: left.length > limit ? (shown.at(-1)?.name ?? null) : null };
}
