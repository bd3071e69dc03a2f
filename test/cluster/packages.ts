import { isInstalled } from '../../knative/image/needs.ts';
import { run } from './command.ts';

/** The Debian package that brings each program. */
const PACKAGES: Record<string, string> = {
  containerd: 'containerd',
  runc: 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  iptables: 'iptables',
  etcd: 'etcd-server',
  ip: 'iproute2',
  openssl: 'openssl',
  nsenter: 'util-linux',
};

/** The Debian packages that this machine still needs. */
export const missingPackages = (): string[] =>
  Object.entries(PACKAGES).flatMap(([program, name]) => (isInstalled(program) ? [] : [name]));

/** Installs them. */
export async function installPackages(): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  console.log(`cluster: installing ${missing.join(', ')}`);
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
