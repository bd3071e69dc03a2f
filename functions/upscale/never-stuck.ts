interface Bounds {
  /** Ends the work, by its reason. */
  signal: AbortSignal;
  /** How long the work may take. */
  mostSeconds: number;
  /** How long it may take to end when it is to. */
  graceSeconds: number;
  /** Takes away what it waits for. */
  giveUp: () => Promise<void>;
}

/**
 * Work that waits for a device, which may never answer: it ends all the same.
 *
 * @param work gets a signal that also says when it has taken too long.
 * @throws the reason of the signal, or that it took too long, at the latest so many seconds after either.
 */
export async function neverStuck<T>(
  { signal, mostSeconds, graceSeconds, giveUp }: Bounds,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const tooLong = new Error(`It took more than ${mostSeconds} s`);
  const limit = setTimeout(() => late.abort(tooLong), mostSeconds * 1000);
  const either = AbortSignal.any([signal, late.signal]);
  const stuck = Promise.withResolvers<never>();
  let grace: NodeJS.Timeout | undefined;
  const onAbort = () => {
    grace = setTimeout(() => {
      // Whatever that says, the work is given up.
      giveUp().catch(() => {});
      stuck.reject(either.reason);
    }, graceSeconds * 1000);
  };
  if (either.aborted) onAbort();
  else either.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(either), stuck.promise]);
  } finally {
    either.removeEventListener('abort', onAbort);
    clearTimeout(limit);
    clearTimeout(grace);
  }
}
