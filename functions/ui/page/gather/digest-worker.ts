import { answering } from '../asked-worker.ts';
import { sha256 } from './sha256.ts';

/** Digests bytes beside the page, so that it stays smooth. */
answering(async (bytes: Blob): Promise<string> => {
  const read = await bytes.arrayBuffer();
  const digest = crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest('SHA-256', read))
    : sha256(new Uint8Array(read));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
});
