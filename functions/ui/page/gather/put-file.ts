import type { PutAnswer } from '../../../../shared/api/send-in-parts.ts';

/** A connection on which nothing moves for so long is as good as broken, as after a change from one network to another. */
const SILENT_MS = 60_000;

/**
 * Puts bytes to a signed URL, telling how far it has got; `fetch` can't tell that. Status 0 when the connection broke or `signal`
 * ended it.
 */
export function putFile(
  url: string,
  bytes: Blob,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => {},
): Promise<PutAnswer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let silent: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(silent);
      silent = setTimeout(() => request.abort(), SILENT_MS);
    };
    const end = (answer: PutAnswer) => {
      clearTimeout(silent);
      resolve(answer);
    };
    request.upload.onprogress = ({ loaded, total }) => {
      listen();
      onProgress(total > 0 ? loaded / total : 0);
    };
    request.onload = () => end({ status: request.status, sentence: sentenceIn(request.responseText) });
    request.onerror = () => end({ status: 0, sentence: null });
    request.onabort = request.onerror;
    if (signal.aborted) return end({ status: 0, sentence: null });
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(bytes);
    listen();
  });
}

/** What Montage's own store says, or an S3. */
function sentenceIn(answer: string): string | null {
  try {
    const { detail } = JSON.parse(answer) as { detail?: unknown };
    return typeof detail === 'string' ? detail : null;
  } catch {
    return /<Message>([^<]+)<\/Message>/.exec(answer)?.[1] ?? null;
  }
}
