import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { watchMemory } from './memory.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Behind the front door, `start.mjs`: that one may install packages first, which is neither to be timed nor to be done here. */
const COMMAND = join(ROOT, 'functions/cli/index.ts');

export interface Timed {
  seconds: number;
  /** The most memory that the command and all it started used together. */
  peakBytes: number;
}

/** Runs `montage` to its end and measures the process and all that it starts. */
export async function timedMontage(args: readonly string[]): Promise<Timed> {
  const begun = performance.now();
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const memory = watchMemory(child.pid as number);
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - begun) / 1000;
  const peakBytes = await memory.stop();
  if (code !== 0) throw new Error(`montage ${args.join(' ')} ended with ${code}: ${said.join('').trim()}`);
  return { seconds, peakBytes };
}

/**
 * From the arrival of an object to the first line of a function that is awake, in milliseconds: one value for each time that
 * `reconcile` was woken by an object while a server made montages by `args`, without the first, which started it.
 */
export async function wakeMilliseconds(data: string, runs: readonly (readonly string[])[]): Promise<number[]> {
  const child = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', '--json', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LOG_LEVEL: 'info' },
  });
  const waits: number[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    const wait = /\breconcile: woken\b.* key=\S+ sinceObjectMs=(\d+)/.exec(line)?.[1];
    if (wait) waits.push(Number(wait));
  });
  try {
    const url = await urlOf(child);
    for (const args of runs) await timedMontage([...args, '--server', url]);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
  return waits.slice(1);
}

async function urlOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The server has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('The server ended before it said where it listens');
}
