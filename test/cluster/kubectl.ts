import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from './command.ts';
import { kubeconfig } from './identities.ts';
import { NAMESPACE_FILE } from './network.ts';
import { BIN } from './places.ts';

const program = 'nsenter';
const before = [`--net=${NAMESPACE_FILE}`, '--', join(BIN, 'kubectl'), `--kubeconfig=${kubeconfig('admin')}`];

/** Runs kubectl in the cluster and gives what it printed. */
export const kubectl = (args: readonly string[], input?: string): Promise<string> =>
  run(program, [...before, ...args], { input });

/** Applies objects to the cluster. */
export const apply = (...items: object[]): Promise<string> =>
  kubectl(
    ['apply', '--server-side', '--force-conflicts', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );

// By hand: node test/cluster/kubectl.ts get pods -A
if (import.meta.main) {
  process.exitCode = spawnSync(program, [...before, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
}
