import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const INDEX = join(ROOT, 'functions/cli/index.ts');
export const FRONT_DOOR = join(ROOT, 'functions/cli/start.mjs');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Waits until what it printed matches, or it ended. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  ended: Promise<Ended>;
}

/** Starts `montage` as a person would, on the Node that runs the tests, in a process group of its own. */
export function start(
  args: readonly string[],
  { cwd, env = {}, by = INDEX }: { cwd: string; env?: Record<string, string>; by?: string },
): Started {
  const child = spawn(process.execPath, [by, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => {
      done({ code, stdout, stderr });
      tell();
    });
  });
  const until = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((found, failed) => {
      const look = () => {
        const match = pattern.exec(stdout + stderr);
        if (match) found(match);
        else if (child.exitCode !== null) failed(new Error(`It ended before it said ${pattern}: ${stdout}${stderr}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
  return { child, output: () => stdout + stderr, until, ended };
}

export function montage(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<Ended> {
  return start(args, options).ended;
}
