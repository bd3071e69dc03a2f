import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { API_SERVER, pki } from './identities.ts';

const agent = new Agent({
  keepAlive: true,
  ca: readFileSync(pki('ca.crt')),
  cert: readFileSync(pki('admin.crt')),
  key: readFileSync(pki('admin.key')),
});

/** Asks the API server as the cluster's administrator, from within the cluster's network, and gives the answer's stream. */
async function ask(method: string, path: string, patch?: object): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((answered, failed) => {
    const headers = patch ? { 'Content-Type': 'application/merge-patch+json' } : {};
    const asked = request(new URL(path, API_SERVER), { agent, method, headers });
    asked.on('response', answered).on('error', failed);
    asked.end(patch && JSON.stringify(patch));
  });
  if (answer.statusCode === 200) return answer.setEncoding('utf8');
  throw new Error(`The API server answers ${answer.statusCode} to ${method} ${path}: ${await text(answer)}`);
}

async function text(stream: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const part of stream) whole += part;
  return whole;
}

/** Changes an object by a merge patch. */
export async function patch(path: string, change: object): Promise<void> {
  await text(await ask('PATCH', path, change));
}

/** What the API server says of an object: the parts of it that all objects have. */
export interface Stored {
  metadata: { uid: string; name: string; namespace: string; generation: number; resourceVersion: string };
}

/** The objects of a kind as they are, then each change of one, until the API server ends it (it does every few minutes). */
export async function* watch<T extends Stored>(
  path: string,
): AsyncGenerator<{ all: readonly T[] } | { type: string; object: T }> {
  const list: { items: T[]; metadata: { resourceVersion: string } } = JSON.parse(await text(await ask('GET', path)));
  yield { all: list.items };
  let rest = '';
  for await (const part of await ask('GET', `${path}?watch=true&resourceVersion=${list.metadata.resourceVersion}`)) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const change: { type: string; object: T } = JSON.parse(line);
      // Its place in the history is gone: begin anew.
      if (change.type === 'ERROR') return;
      yield change;
    }
  }
}
