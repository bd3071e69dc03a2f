import { readdir, readFile } from 'node:fs/promises';

const EVERY_MS = 250;
/** A sum of resident sets that is higher by this much than any before. */
const NEW_HEIGHT = 1.005;
/** Every so many looks. */
const NOW_AND_THEN = 12;

/** Watches how much memory a process and all that it started use together. */
export interface MemoryWatch {
  /** Ends the watch; resolves to the most that was seen, in bytes. */
  stop(): Promise<number>;
}

/**
 * Samples four times a second. Memory that processes share is counted once (proportional set size); where the kernel
 * doesn't tell, each counts its resident set. Linux only; elsewhere it sees nothing and reports 0.
 */
export function watchMemory(pid: number): MemoryWatch {
  let most = 0;
  let stopped = false;
  let mostResident = 0;
  let looks = 0;
  const watching = (async () => {
    while (!stopped) {
      const members = await family(pid);
      const resident = sum(await Promise.all(members.map(residentOf)));
      // To tell the shared parts apart costs the kernel, and so the work that is timed, much more: at a new height, and now and then.
      if (resident > mostResident * NEW_HEIGHT || looks++ % NOW_AND_THEN === 0) {
        mostResident = Math.max(mostResident, resident);
        most = Math.max(most, sum(await Promise.all(members.map(proportionalOf))));
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return most;
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The process and all its descendants. */
async function family(root: number): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const children = new Map<number, number[]>();
  await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
        // The command's name stands in brackets and may hold anything, so what follows the last one counts.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
      }),
  );
  const members = [root];
  for (const member of members) members.push(...(children.get(member) ?? []));
  return members;
}

async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

async function proportionalOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const shared = /^Pss:\s+(\d+) kB$/m.exec(rollup);
  return shared ? Number(shared[1]) * 1024 : residentOf(pid);
}
