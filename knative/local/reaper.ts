import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Reads lists of process groups, one a line, until whoever writes them is gone, and then kills the groups of the last line.
 * A second is left for those that notice by themselves, to take their scratch files away.
 */
const SCRIPT = 'while read -r line; do groups=$line; done; [ -z "$groups" ] || { sleep 1; kill -s KILL -- $groups; }';

const guarded = new Set<number>();
let shell: ChildProcess | undefined;

/**
 * Has process group `pid` killed when this process ends, however it ends: by SIGKILL too, and even when the group's processes
 * are too busy to notice.
 *
 * @returns what takes the guard away, for when the group is gone: its number may soon be somebody else's.
 */
export function guard(pid: number): () => void {
  guarded.add(pid);
  tell();
  return () => {
    guarded.delete(pid);
    tell();
  };
}

function tell(): void {
  shell ??= start();
  shell.stdin?.write(`${[...guarded].map((pid) => `-${pid}`).join(' ')}\n`);
}

function start(): ChildProcess {
  // In a session of its own: Ctrl-C in the terminal ends this process, and the shell must outlive it.
  const child = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  (child.stdin as Socket | null)?.unref();
  // Without a shell functions are left to their tether.
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  return child;
}
