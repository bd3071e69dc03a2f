/**
 * What `make` makes, once something of it is asked for: for what is dear to make, and mostly never looked at. Not for what is told apart
 * by what it is itself, as numbers and lists are.
 */
export function whenAsked<T extends object>(make: () => T): T {
  let made: T | undefined;
  const it = (): T => {
    made ??= make();
    return made;
  };
  return new Proxy({} as T, {
    get: (_, name) => Reflect.get(it(), name),
    set: (_, name, value) => Reflect.set(it(), name, value),
    has: (_, name) => Reflect.has(it(), name),
    getPrototypeOf: () => Reflect.getPrototypeOf(it()),
  });
}
