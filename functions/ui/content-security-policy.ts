/**
 * What the page may do: run its own script, speak to its own server, and to the store where that is another one (clips and montages
 * come from there by signed URLs). Nothing of anybody else's, and nothing written into the page itself.
 */
export function contentSecurityPolicy(storeUrl: string | undefined): string {
  const store = storeUrl ? [new URL(storeUrl).origin] : [];
  const sources: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'blob:', 'data:', ...store],
    'media-src': ["'self'", 'blob:', ...store],
    'connect-src': ["'self'", ...store],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(sources)
    .map(([directive, allowed]) => [directive, ...allowed].join(' '))
    .join('; ');
}
