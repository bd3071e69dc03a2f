import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Pods get their cgroups below this one: a kubelet ends whatever it doesn't know below its root, and this machine may run another. */
export const CGROUP = '/montage-cluster';

/** Makes the cluster's cgroup in every hierarchy of this machine. */
export async function createCgroup(): Promise<void> {
  for (const folder of await cgroups()) await mkdir(folder, { recursive: true });
}

/** Removes the cluster's cgroup and all below it, once no process is in them. */
export async function removeCgroup(): Promise<void> {
  for (const folder of await cgroups()) await removeTree(folder);
}

async function cgroups(): Promise<string[]> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  return mounts.flatMap(([, at, type]) => (at && (type === 'cgroup' || type === 'cgroup2') ? [join(at, CGROUP)] : []));
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw new Error(`The cgroup ${folder} can't be removed: ${error.message}`);
  });
}
