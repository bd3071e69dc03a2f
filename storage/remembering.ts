import type { Store } from './store.ts';

/**
 * A way to read what never changes once it is there, that reads it once a process and store. Of more than `most` values the one that was
 * read first is forgotten first. Null, which is that it isn't there yet, is asked for again.
 */
export function remembering<Args extends readonly unknown[], T>(
  most: number,
  nameOf: (...args: Args) => string,
  read: (store: Store, ...args: Args) => Promise<T>,
): (store: Store, ...args: Args) => Promise<T> {
  const stores = new WeakMap<Store, Map<string, T>>();
  return async (store, ...args) => {
    const known = stores.get(store) ?? new Map<string, T>();
    stores.set(store, known);
    const name = nameOf(...args);
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const value = await read(store, ...args);
    if (value === null) return value;
    known.set(name, value);
    const [first] = known.keys();
    if (known.size > most && first !== undefined) known.delete(first);
    return value;
  };
}
