import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RUN } from './places.ts';

// The process that ends the cluster when it is done. One that people brought up by hand belongs to none.
const FILE = join(RUN, 'owner');

/** Makes the cluster this process's own. */
export const own = (): Promise<void> => writeFile(FILE, String(process.pid));

/** Leaves the cluster to whoever comes. */
export const disown = (): Promise<void> => rm(FILE);

/** Refuses while another process has the cluster; one that is gone has it no more. */
export async function refuseIfBusy(): Promise<void> {
  const pid = Number(await readFile(FILE, 'utf8').catch(() => '0'));
  if (pid > 0 && pid !== process.pid && existsSync(`/proc/${pid}`))
    throw new Error(`Process ${pid} has the cluster of this machine: wait for it, or end it`);
}

/** Whether somebody gave it an owner that hasn't left it to others. */
export const isOwned = (): boolean => existsSync(FILE);
