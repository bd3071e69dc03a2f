import { expect, it } from 'vitest';
import type { Cluster } from './cluster.ts';
import { type Deployed, kustomized, until } from './deployed.ts';

/** Claims about the timer of clusters that have no PingSource. */
export function cronTimer(cluster: () => Cluster, deployed: () => Deployed): void {
  it('is looked after by a CronJob where there is no PingSource', async () => {
    const system = deployed();
    await using put = await kustomized('local', { components: ['cron-timer'] });
    const documents = await cluster().kubectl(['kustomize', put.folder]);
    const cronJob = documents.split('\n---\n').find((document) => /^kind: CronJob$/m.test(document));
    await cluster().kubectl(['apply', '-f', '-'], cronJob);
    const from = system.logs.lines.length;
    await system.kubectl('create', 'job', 'tick-now', '--from=cronjob/tick');
    await system.kubectl('wait', '--for=condition=Complete', 'job/tick-now', '--timeout=120s');
    expect(await system.kubectl('logs', 'job/tick-now')).toBe('reconcile answered 204\n');
    const woken = await until('reconcile says that it was woken', () =>
      system.logs.lines.slice(from).find((line) => line.function === 'reconcile' && line.message === 'woken'),
    );
    expect(woken).toMatchObject({ type: 'dev.knative.sources.ping' });
    // Its jobs go with it.
    await system.kubectl('delete', 'cronjob/tick');
  });
}
