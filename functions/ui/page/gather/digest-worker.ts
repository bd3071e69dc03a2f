import { sha256 } from './sha256.ts';

/** Digests bytes beside the page, so that it stays smooth. */
addEventListener('message', async ({ data: { id, bytes } }: MessageEvent<{ id: number; bytes: Blob }>) => {
  try {
    const read = await bytes.arrayBuffer();
    const digest = crypto.subtle
      ? new Uint8Array(await crypto.subtle.digest('SHA-256', read))
      : sha256(new Uint8Array(read));
    postMessage({ id, digest: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') });
  } catch (error) {
    postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
