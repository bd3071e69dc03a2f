import { readdir, readFile } from 'node:fs/promises';

const EVERY_MS = 250;

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
  const watching = (async () => {
    while (!stopped) {
      const sizes = await Promise.all((await family(pid)).map(sizeOf));
      most = Math.max(
        most,
        sizes.reduce((sum, size) => sum + size, 0),
      );
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

async function sizeOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const shared = /^Pss:\s+(\d+) kB$/m.exec(rollup);
  if (shared) return Number(shared[1]) * 1024;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
