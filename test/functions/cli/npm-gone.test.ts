import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

const isTaken = (port: number) =>
  new Promise<boolean>((tell) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => tell(true)).once('error', () => tell(false));
    socket.once('connect', () => socket.destroy());
  });

// Of a shell's own parent only Linux tells without a program of its own.
const signals = process.platform === 'linux' ? (['SIGTERM', 'SIGKILL'] as const) : (['SIGTERM'] as const);

it.each(signals)('a server that npm started ends in order when npm is ended with %s', async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'montage-npm-'));
  const npm = spawn('npm', ['start', '--', '--port', '0', '--data', join(folder, 'data')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    let said = '';
    for await (const text of npm.stdout.setEncoding('utf8')) {
      said += text;
      if (said.includes('Ctrl-C')) break;
    }
    const port = Number(/running at http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
    expect(await isTaken(port)).toBe(true);
    npm.kill(signal);
    await once(npm, 'exit');
    await expect.poll(() => isTaken(port), { timeout: 20_000 }).toBe(false);
    // Given back, as one that is killed leaves it not.
    const lock = () => readFile(join(folder, 'data/.runtime-1.json'), 'utf8');
    await expect.poll(lock).toBe('{}\n');
  } finally {
    try {
      process.kill(-(npm.pid ?? 0), 'SIGKILL');
    } catch {
      // All of it is gone, as it should be.
    }
    await rm(folder, { recursive: true, force: true });
  }
});
