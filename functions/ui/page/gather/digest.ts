type Answer = { id: number; digest: string } | { id: number; error: string };

let worker: Worker | undefined;
let lastId = 0;
const asked = new Map<number, PromiseWithResolvers<string>>();

/** SHA-256 of some bytes, in hex. Throws when they can't be read, as of a file that was changed since it was dropped. */
export function digestOf(bytes: Blob): Promise<string> {
  worker ??= start();
  lastId += 1;
  const answer = Promise.withResolvers<string>();
  asked.set(lastId, answer);
  worker.postMessage({ id: lastId, bytes });
  return answer.promise;
}

function start(): Worker {
  const started = new Worker(new URL('./digest-worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    if ('digest' in data) asked.get(data.id)?.resolve(data.digest);
    else asked.get(data.id)?.reject(new Error(data.error));
    asked.delete(data.id);
  });
  started.addEventListener('error', () => {
    for (const { reject } of asked.values()) reject(new Error('This browser can not read the file'));
    asked.clear();
    worker = undefined;
  });
  return started;
}
