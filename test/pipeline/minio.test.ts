import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as MinioClient } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../shared/api/client.ts';
import { freePort, type MinioServer, minioMissing, startMinio } from '../storage/minio-server.ts';
import { montage, type Started, start } from './command.ts';
import { makeHoliday, makeTune } from './material.ts';

const TOKEN = 'a-token-for-the-test-only';

/** Both ways of hearing of new objects: MinIO's webhook, and listening where the server has none. */
describe.skipIf(minioMissing).each([
  ['by its webhook', true],
  ['by listening, when it has no webhook', false],
])(
  `files dropped into a MinIO, heard of %s${minioMissing ? ` (skipped: ${minioMissing})` : ''}`,
  (_how, withWebhook) => {
    let folder: string;
    let minio: MinioServer;
    let served: Started;
    let client: Client;
    let direct: MinioClient;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'montage-over-minio-'));
      const port = await freePort();
      minio = await startMinio(
        withWebhook
          ? {
              MINIO_NOTIFY_WEBHOOK_ENABLE_MONTAGE: 'on',
              MINIO_NOTIFY_WEBHOOK_ENDPOINT_MONTAGE: `http://127.0.0.1:${port}/events`,
              MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_MONTAGE: `Bearer ${TOKEN}`,
              MINIO_NOTIFY_WEBHOOK_QUEUE_DIR_MONTAGE: join(folder, 'queue'),
            }
          : {},
      );
      const env = {
        MONTAGE_STORE: minio.url,
        MONTAGE_STORE_ACCESS_KEY: minio.accessKey,
        MONTAGE_STORE_SECRET_KEY: minio.secretKey,
        MONTAGE_INGEST_TOKEN: TOKEN,
        MONTAGE_SETTLE_SECONDS: '2',
      };
      served = start(['serve', '--port', String(port)], { cwd: folder, env });
      const [, url = ''] = await served.until(/running at (http:\S+)/);
      client = new Client({ url });
      const { hostname, port: minioPort } = new URL(minio.url);
      direct = new MinioClient({
        endPoint: hostname,
        port: Number(minioPort),
        useSSL: false,
        accessKey: minio.accessKey,
        secretKey: minio.secretKey,
      });
    }, 900_000);
    afterAll(async () => {
      served?.child.kill('SIGTERM');
      await served?.ended;
      await minio?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const put = async (bucket: string, key: string, path: string) =>
      direct.putObject(bucket, key, createReadStream(path), (await stat(path)).size);

    it('become a montage in the output bucket', async () => {
      const holiday = await makeHoliday(folder);
      const tune = await makeTune(folder);
      await direct.putObject('input', 'holiday/x.montage.yaml', 'quality: preview\n');
      for (const name of await readdir(holiday)) await put('input', `holiday/${name}`, join(holiday, name));
      await put('music', basename(tune.path), tune.path);
      const deadline = Date.now() + 120_000;
      let job = (await client.jobs())[0];
      while (job?.state !== 'done' && job?.state !== 'failed' && Date.now() < deadline) {
        await sleep(200);
        job = (await client.jobs())[0];
      }
      expect(job, served.output().slice(-3000)).toMatchObject({
        state: 'done',
        outputs: expect.arrayContaining(['montage.mp4']),
      });
      const video = await direct.statObject('output', `${job?.id}/r1/montage.mp4`);
      expect(video.size).toBeGreaterThan(10_000);
    }, 180_000);

    it('and a command line elsewhere uploads, follows and fetches through the same server', async () => {
      const [, url = ''] = /running at (http:\S+)/.exec(served.output()) ?? [];
      const args = [
        'run',
        'mtv',
        '--server',
        url,
        '--footage',
        join(folder, 'holiday'),
        '--music',
        join(folder, 'tune.wav'),
      ];
      const ended = await montage([...args, '--quality', 'preview', '-o', join(folder, 'remote.mp4')], { cwd: folder });
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      expect((await stat(join(folder, 'remote.mp4'))).size).toBeGreaterThan(10_000);
    }, 180_000);
  },
);
