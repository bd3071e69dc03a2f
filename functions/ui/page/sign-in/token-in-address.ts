/** Takes the token out of an address that ends in `#token=…`, so that it stays neither in sight nor in the browser's history. */
export function takeToken(): string | null {
  const text = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (text === undefined) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
