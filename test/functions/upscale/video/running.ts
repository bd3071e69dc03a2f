import { readdir, readFile } from 'node:fs/promises';

/** The ffmpegs and ffprobes that this process has started and that still run, by their process id. */
export async function mediaProcesses(): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const ours = await Promise.all(
    ids.map(async (id) => {
      // pid (name) state parent …
      const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
      const [, name = '', state, parent] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(stat) ?? [];
      return Number(parent) === process.pid && state !== 'Z' && /^(ff|sh$)/.test(name);
    }),
  );
  return ids.filter((_, i) => ours[i]);
}
