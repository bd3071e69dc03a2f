/** The token that an address of a shared montage holds; null for any other. */
export const tokenAt = (path: string): string | null => /^\/share\/([\w-]+)\/?$/.exec(path)?.[1] ?? null;
