/**
 * What comes of work that nothing can stop, as long as somebody waits for it.
 *
 * @param close what is done with what comes of it after that.
 * @throws the signal's reason as soon as it is aborted, whatever the work is at.
 */
export async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  work: Promise<T>,
  close: (late: T) => unknown = () => {},
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => {
    // Nobody is left to be told how it ends.
    work.then(close).catch(() => {});
    aborted.reject(signal?.reason);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([aborted.promise, work]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
