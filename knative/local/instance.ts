import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { guard } from './reaper.ts';

const START_SECONDS = 30;
const END_SECONDS = 2;
const SAID_LINES = 30;

interface InstanceOptions {
  /** Arguments of functions-framework. */
  args: readonly string[];
  /** The folder that `--source` and node_modules are in. */
  root: string;
  environment: Readonly<Record<string, string>>;
  /** Every line the process writes to standard output and standard error. */
  onLine: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** A running process of one function, which answers HTTP on 127.0.0.1. */
export interface Instance {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process is gone, to how it ended, for example "exit code 1". What it had started has been killed then too. */
  readonly gone: Promise<string>;
  /** Asks it to end, and kills it and all that it started if it hasn't after two seconds. For when it has no work. */
  end(): Promise<void>;
  /** Kills it and all that it started. */
  kill(): void;
}

/** Functions wait for ffmpeg and the store more than they make objects: a third of Node's memory goes unused without a limit here. */
const YOUNG_MEMORY = '--max-semi-space-size=2';

const ReadySchema = z.object({ port: z.number().int().positive() });

/**
 * Starts functions-framework with one function and waits until it listens.
 *
 * @throws {Error} with the last thing it said when it ends before that, or isn't ready after 30 s.
 */
export async function startInstance({ args, root, environment, onLine }: InstanceOptions): Promise<Instance> {
  const child = spawn(
    process.execPath,
    [
      YOUNG_MEMORY,
      '--import',
      join(import.meta.dirname, 'tether.ts'),
      join(root, 'node_modules/.bin/functions-framework'),
      '--port=0',
      ...args,
    ],
    // A process group of its own, so that it and all that it started can be killed at one go.
    { cwd: root, env: { ...environment }, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  const said: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream];
    if (!input) continue;
    createInterface({ input }).on('line', (line) => {
      if (stream === 'stderr' && line.trim()) said.push(line);
      said.splice(0, said.length - SAID_LINES);
      onLine(line, stream);
    });
  }
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw error;
  }
  const release = guard(pid);
  const kill = () => killGroup(pid);
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      kill();
      release();
      resolve(signal ?? `exit code ${code}`);
    });
  });
  const late = setTimeout(kill, START_SECONDS * 1000);
  const port = await Promise.race([
    once(child, 'message').then(([message]) => ReadySchema.parse(message).port),
    gone.then((how) => {
      throw new Error(`The function's process ended with ${how} before it was ready: ${reasonIn(said)}`);
    }),
  ]).finally(() => clearTimeout(late));
  return {
    pid,
    port,
    gone,
    kill,
    async end() {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, END_SECONDS * 1000);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** The message of the first error that was printed, else the last line. */
function reasonIn(said: readonly string[]): string {
  const messages = said.flatMap((line) => /\b\w*Error(?: \[\w+\])?: (.+)/.exec(line)?.[1] ?? []);
  return messages[0] ?? said.at(-1) ?? 'it said nothing';
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody is left in the group.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
