/** The page's address of a job. */
export const addressOf = (job: string) => `/jobs/${encodeURIComponent(job)}`;

/** The job that an address is of; null for any other. */
export function jobAt(path: string): string | null {
  const name = /^\/jobs\/([^/]+)\/?$/.exec(path)?.[1];
  if (name === undefined) return null;
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}
