import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../../functions/ui/page/make/job-address.ts';
import { type Runtime, startRuntime } from '../../../knative/local/runtime.ts';
import { Client } from '../../../shared/api/client.ts';
import { readConfig } from '../../../shared/config.ts';
import { revisionKeys } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { montage } from '../../pipeline/command.ts';
import { planJob } from '../jobs/planned-job.ts';

describe('a finished job that is listed', () => {
  let folder: string;
  let runtime: Runtime;
  let job: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-cli-jobs-'));
    const store = new FolderStore(join(folder, 'data'));
    await store.prepare();
    runtime = await startRuntime({
      store,
      config: readConfig({ MONTAGE_DATA: store.root }),
      port: 0,
      works: false,
      onLog: () => {},
    });
    ({ id: job } = await new Client(runtime).createJob({ footageSet: 'holiday' }, 'once'));
    await planJob(store, job);
    await store.putOnce('jobs', revisionKeys(job, 1).done, '{}');
  });
  afterAll(async () => {
    await runtime?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const says = async (...args: string[]) => (await montage(args, { cwd: folder })).stdout.trim();

  it('is told by its page on the server that it is on, which nobody has a folder of here', async () => {
    for (const server of [runtime.url, `${runtime.url}/`]) {
      expect(await says('jobs', '--server', server)).toBe(`${job}  dynamic  done: ${runtime.url}${addressOf(job)}`);
      expect(await says('status', job, '--server', server)).toContain(`done: ${runtime.url}${addressOf(job)}`);
    }
  });

  it('is told by its folder where that is on this machine', async () => {
    expect(await says('jobs', '--data', join(folder, 'data'))).toBe(`${job}  dynamic  done: output/${job}/r1/`);
  });
});
