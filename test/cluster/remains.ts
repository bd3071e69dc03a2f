import { existsSync, globSync } from 'node:fs';
import { readFile, readlink, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeCgroup } from './cgroup.ts';
import { run } from './command.ts';
import { NAMESPACE, NAMESPACE_FILE } from './network.ts';
import { RUN, STATE } from './places.ts';

const POD_NAMESPACES = join(STATE, 'io.containerd.grpc.v1.cri', 'netns', '*');

/** Ends and removes all that a cluster has on this machine, whether it stopped, crashed or never came up. */
export async function removeRemains(): Promise<void> {
  await endProcesses();
  // Those of pods first lie within those of the folders.
  for (const mount of (await mountsBelow(RUN)).reverse()) await run('umount', ['--lazy', mount]);
  if (existsSync(NAMESPACE_FILE)) await run('ip', ['netns', 'delete', NAMESPACE]);
  await removeCgroup();
  await removeNotes();
  await rm(RUN, { recursive: true, force: true });
}

/** Whatever runs in the cluster's network or in a pod's is the cluster's. While some end others may start, so it looks again. */
async function endProcesses(): Promise<void> {
  for (let left = 100; ; left--) {
    const running = await processesOfCluster();
    if (running.length === 0) return;
    if (left === 0) throw new Error(`These processes of the cluster don't end: ${running.join(', ')}`);
    for (const pid of running) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    await sleep(100);
  }
}

async function processesOfCluster(): Promise<number[]> {
  const namespaces = await Promise.all([NAMESPACE_FILE, ...globSync(POD_NAMESPACES)].map(identity));
  const processes = globSync('/proc/[0-9]*').map(async (process) => {
    const namespace = await identity(`${process}/ns/net`);
    return namespace !== null && namespaces.includes(namespace) ? [Number(basename(process))] : [];
  });
  return (await Promise.all(processes)).flat();
}

/** What tells one namespace from another; null of one that is gone, or of a process that is. */
const identity = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ ino }) => ino,
    () => null,
  );

async function mountsBelow(folder: string): Promise<string[]> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  return mounts.filter((mount) => mount.startsWith(`${folder}/`));
}

/** What the parts of containerd and kubelet leave in folders that can't be chosen. */
async function removeNotes(): Promise<void> {
  for (const task of globSync(join(STATE, 'io.containerd.runtime.v2.task', '*', '*'))) {
    const address = await readFile(join(task, 'address'), 'utf8').catch(() => '');
    if (address.startsWith('unix:///run/containerd/s/')) await rm(address.slice('unix://'.length), { force: true });
    for (const result of globSync(`/var/lib/cni/results/*-${basename(task)}-*`)) await rm(result);
  }
  for (const link of globSync('/var/log/containers/*.log'))
    if ((await readlink(link).catch(() => '')).startsWith(`${RUN}/`)) await rm(link);
}
