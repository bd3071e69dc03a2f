import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upload } from '../../../functions/cli/upload.ts';
import { type Runtime, startRuntime } from '../../../knative/local/runtime.ts';
import { Client } from '../../../shared/api/client.ts';
import { readConfig } from '../../../shared/config.ts';
import { FolderStore } from '../../../storage/folder.ts';

let folder: string;
let store: FolderStore;
let runtime: Runtime;
/** Where the server's signed URLs lead: it breaks the connection of some PUTs, and hands on the others. */
let line: Server;
let toBreak = 0;
let puts = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-upload-'));
  line = createServer(async (incoming, outgoing) => {
    puts += 1;
    if (toBreak > 0) {
      toBreak -= 1;
      incoming.socket.destroy();
      return;
    }
    incoming.on('error', () => {});
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => name === 'x-amz-checksum-sha256'),
    ) as Record<string, string>;
    const parts = await Array.fromAsync(incoming).catch(() => null);
    if (!parts) return;
    const body = Buffer.concat(parts);
    const answer = await fetch(`${runtime.url}${incoming.url}`, { method: 'PUT', headers, body });
    outgoing.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const publicUrl = `http://127.0.0.1:${(line.address() as AddressInfo).port}`;
  store = new FolderStore(join(folder, 'data'));
  await store.prepare();
  const config = readConfig({ MONTAGE_DATA: store.root, MONTAGE_PUBLIC_URL: publicUrl });
  runtime = await startRuntime({ store, config, port: 0, works: false, onLog: () => {} });
});
afterAll(async () => {
  await runtime?.stop();
  line?.close();
  line?.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

async function made(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('a file that goes to a server elsewhere', () => {
  it('arrives whole, large or small, and is sent once', async () => {
    const client = new Client(runtime);
    for (const [name, size, requests] of [
      ['small.mp4', 1000, 1],
      ['large.mp4', 20 * 2 ** 20, 3],
    ] as const) {
      const bytes = randomBytes(size);
      const path = await made(name, bytes);
      puts = 0;
      const sent = async () => upload(client, 'input', `set/${name}`, path);
      expect([await sent(), await sent()]).toEqual([true, false]);
      expect((await store.read('input', `set/${name}`)).equals(bytes)).toBe(true);
      // A small one is refused by the store when it comes the second time.
      expect(puts).toBe(name === 'small.mp4' ? 2 : requests);
    }
  });

  it('goes on where the connection broke', async () => {
    const bytes = randomBytes(20 * 2 ** 20);
    const path = await made('broken.mp4', bytes);
    toBreak = 2;
    await upload(new Client(runtime), 'input', 'set/broken.mp4', path);
    expect((await store.read('input', 'set/broken.mp4')).equals(bytes)).toBe(true);
    expect(toBreak).toBe(0);
  });

  it('says what became of it when it was changed meanwhile', async () => {
    const path = await made('changed.mp4', randomBytes(20 * 2 ** 20));
    const changing = new Client(runtime);
    const call = changing.call.bind(changing);
    changing.call = async (id, ...more) => {
      if (id === 'signParts') await writeFile(path, randomBytes(20 * 2 ** 20));
      return call(id, ...more);
    };
    await expect(upload(changing, 'input', 'set/changed.mp4', path)).rejects.toThrow(
      'was changed while it was uploaded: try again when it is finished',
    );
    expect(await store.stat('input', 'set/changed.mp4')).toBeNull();
  });
});
