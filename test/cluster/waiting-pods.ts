import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { montage } from '../pipeline/command.ts';
import { type Deployed, until } from './deployed.ts';
import { pathWithKubectl } from './kubectl-on-path.ts';

const NOWHERE = [{ op: 'add', path: '/spec/template/spec/nodeSelector', value: { 'kubernetes.io/arch': 'riscv64' } }];

/** Claims about a function for which there is no node. */
export function waitingPods(deployed: () => Deployed): void {
  it('that waits for a node says so, and why, when an operator asks for its status', async () => {
    const system = deployed();
    await using path = await pathWithKubectl();
    await system.kubectl('patch', 'ksvc', 'render', '--type=json', `--patch=${JSON.stringify(NOWHERE)}`);
    const jobs = await system.client.jobs();
    const [id = ''] = jobs.map((job) => job.id);
    const asked = ['status', id, '--server', system.apiUrl, '--namespace', 'montage-ai'];
    const said = await until('the status tells of it', async () => {
      const { stdout } = await montage(asked, {
        cwd: tmpdir(),
        env: { PATH: path.value, MONTAGE_TOKEN: system.accessToken },
      });
      return /render does not run: .+/.exec(stdout)?.[0];
    });
    expect(said).toMatch(/0\/1 nodes are available: .*affinity\/selector/);
  });
}
