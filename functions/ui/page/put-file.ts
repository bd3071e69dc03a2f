/**
 * Puts a file to a signed URL, telling how far it has got; `fetch` can't tell that. Gives the answer's status and sentence; status 0
 * when the connection broke or `signal` ended it.
 */
export function putFile(
  url: string,
  file: File,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<{ status: number; sentence: string | null }> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve({ status: request.status, sentence: detailIn(request.responseText) });
    request.onerror = () => resolve({ status: 0, sentence: null });
    request.onabort = request.onerror;
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.open('PUT', url);
    // A store of its own would else take the file in place of one that is there.
    request.setRequestHeader('If-None-Match', '*');
    request.send(file);
  });
}

function detailIn(answer: string): string | null {
  try {
    const { detail } = JSON.parse(answer) as { detail?: unknown };
    return typeof detail === 'string' ? detail : null;
  } catch {
    return null;
  }
}
