import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDaemon } from './daemon.ts';
import { kubeconfig } from './identities.ts';
import { NODE_ADDRESS } from './network.ts';
import { BIN, RUN } from './places.ts';

/** Starts CoreDNS at the node's address. It knows the cluster's names and, the cluster having no way out, no others. */
export async function startDns(): Promise<void> {
  const config = join(RUN, 'Corefile');
  await writeFile(
    config,
    `.:53 {
  bind ${NODE_ADDRESS}
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfig('admin')}
  }
  cache 5
}
`,
  );
  startDaemon('dns', join(BIN, 'coredns'), ['-conf', config]);
}
