/**
 * Starts every function once, as its manifest does, so that Node's compile cache (NODE_COMPILE_CACHE) holds what they all need.
 * Part of the image's build.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { readManifests } from '../local/manifests.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Has a function listen on 127.0.0.1 and say at which port: a build may share its network with whatever else runs there. */
const TETHER = join(ROOT, 'knative/local/tether.ts');
const FRAMEWORK = join(ROOT, 'node_modules/.bin/functions-framework');
const DATA = await mkdtemp(join(tmpdir(), 'montage-data-'));
const ReadySchema = z.object({ port: z.number() });
/** A new object that isn't there: what an event goes through is compiled, and nothing is done. */
const EVENT = {
  method: 'POST',
  headers: {
    'ce-specversion': '1.0',
    'ce-id': 'build',
    'ce-source': '/buckets/input',
    'ce-type': 'ai.montage.footage.created',
    'content-type': 'application/json',
  },
  body: JSON.stringify({ bucket: 'input', key: 'nowhere/clip.mp4', etag: '0', size: 0 }),
};

const { services } = await readManifests(join(ROOT, 'knative/base'));
for (const { name, args } of services) {
  const child = spawn(process.execPath, ['--import', TETHER, FRAMEWORK, '--port=0', ...args], {
    cwd: ROOT,
    env: { ...process.env, MONTAGE_DATA: DATA },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  const said = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
  const failed = ended.then(async ([how]) => {
    throw new Error(`${name} ended with ${how} before it answered: ${(await said).join('')}`);
  });
  await Promise.race([failed, answer(child)]);
  // The framework exits then, and Node writes the cache at exit.
  child.kill('SIGTERM');
  await ended;
  process.stdout.write(`${name} is compiled\n`);
}
await rm(DATA, { recursive: true });

/** Waits until the function has answered, whatever it answers. */
async function answer(child: ChildProcess): Promise<void> {
  const [message] = await once(child, 'message');
  const url = `http://127.0.0.1:${ReadySchema.parse(message).port}`;
  const response = await fetch(`${url}/`, EVENT);
  await response.arrayBuffer();
  // What the first scrape loads, while a pod has other things to do.
  await (await fetch(`${url}/metrics`)).arrayBuffer();
}
