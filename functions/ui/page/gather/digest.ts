import { AskedWorker } from '../asked-worker.ts';

const worker = new AskedWorker<Blob, string>(
  () => new Worker(new URL('./digest-worker.ts', import.meta.url), { type: 'module' }),
);

/** SHA-256 of some bytes, in hex. Throws when they can't be read, as of a file that was changed since it was dropped. */
export const digestOf = (bytes: Blob): Promise<string> => worker.ask(bytes);
