import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { RUN } from './places.ts';

/** The network namespace that everything of the cluster lives in. */
export const NAMESPACE = 'montage-cluster';
export const NAMESPACE_FILE = `/run/netns/${NAMESPACE}`;
/** The node's address, on the bridge that pods hang from. */
export const NODE_ADDRESS = '10.244.0.1';
export const POD_RANGE = '10.244.0.0/24';
export const SERVICE_RANGE = '10.96.0.0/16';
export const BRIDGE = 'cni0';
export const RESOLV_CONF = join(RUN, 'resolv.conf');

// Not `ip netns exec`: that hides /sys/fs/cgroup from whatever it starts.
const enter = [`--net=${NAMESPACE_FILE}`, '--'];

/** Starts a command in the cluster's network; it finds hosts by this machine's own names. */
export const spawnInNetwork = (command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess =>
  spawn('nsenter', [...enter, command, ...args], options);

/** Starts a command in the cluster's network that finds Services by name, as a pod does. Its process id is the command's own. */
export const spawnWithNames = (command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess =>
  spawnInNetwork(
    'unshare',
    ['--mount', 'sh', '-c', `mount --bind '${RESOLV_CONF}' /etc/resolv.conf && exec "$0" "$@"`, command, ...args],
    options,
  );

/** Makes the namespace: a bridge is its only way, so no packet can leave this machine. */
export async function createNetwork(): Promise<void> {
  await run('ip', ['netns', 'add', NAMESPACE]);
  const within = (command: string, ...args: string[]) => run('nsenter', [...enter, command, ...args]);
  const ip = (...args: string[]) => within('ip', ...args);
  await ip('link', 'set', 'lo', 'up');
  await ip('link', 'add', BRIDGE, 'type', 'bridge');
  await ip('addr', 'add', `${NODE_ADDRESS}/24`, 'dev', BRIDGE);
  await ip('link', 'set', BRIDGE, 'up');
  // Without a route to them, connections to Services are refused before kube-proxy's rules see them.
  await ip('route', 'add', SERVICE_RANGE, 'dev', BRIDGE);
  await ip('route', 'add', 'default', 'dev', BRIDGE);
  await within('sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward');
  await writeFile(RESOLV_CONF, `nameserver ${NODE_ADDRESS}\n`);
}
