import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MinioStore } from '../../storage/minio.ts';
import { CLOUD, setUser } from '../../storage/minio-user.ts';
import { setQuotas } from '../../storage/quotas.ts';
import { type MinioServer, minioMissing, startMinio } from './minio-server.ts';

describe.skipIf(minioMissing)(
  `the functions' user of MinIO${minioMissing ? ` (skipped: ${minioMissing})` : ''}`,
  () => {
    const user = { accessKey: 'functions', secretKey: crypto.randomUUID() };
    let server: MinioServer;
    let root: MinioStore;
    const as = (who: typeof user) => new MinioStore({ ...server, ...who });

    beforeAll(async () => {
      server = await startMinio();
      root = new MinioStore(server);
      await root.prepare();
      await setUser(root, server.secretKey, user);
      await root.client.makeBucket('private');
      await root.client.putObject('private', 'diary.txt', 'dear diary');
    }, 900_000);
    afterAll(() => server?.stop());

    it('may write and read objects of ours', async () => {
      await as(user).putOnce('jobs', 'a/request.json', '{}');
      expect((await as(user).read('jobs', 'a/request.json')).toString()).toBe('{}');
    });

    it('may not see anybody else’s, change a bucket, or call the admin API', async () => {
      const { client } = as(user);
      const denied = { code: 'AccessDenied' };
      await expect(client.getObject('private', 'diary.txt')).rejects.toMatchObject(denied);
      await expect(client.makeBucket('more')).rejects.toMatchObject(denied);
      await expect(client.removeBucket('music')).rejects.toMatchObject(denied);
      await expect(client.setBucketPolicy('jobs', '{"Version":"2012-10-17","Statement":[]}')).rejects.toThrow();
      await expect(setQuotas(as(user), { MONTAGE_STORE_GIB: 1 })).rejects.toThrow(/refuses set-bucket-quota/);
      await expect(setUser(as(user), user.secretKey, { ...user, accessKey: 'accomplice' })).rejects.toThrow(
        /refuses add-/,
      );
    });

    it('of GPUs in a cloud may do what they do with chunks, and see no clip, song or film', async () => {
      const cloud = { accessKey: 'cloud', secretKey: crypto.randomUUID() };
      await setUser(root, server.secretKey, cloud, CLOUD);
      const store = as(cloud);
      await root.putOnce('jobs', 'b/request.json', '{}');
      expect((await store.read('jobs', 'b/request.json')).toString()).toBe('{}');
      const lease = await store.putOnce('cache', 'leases/upscale/a.json', '1');
      expect(await store.replace('cache', 'leases/upscale/a.json', '2', lease?.etag ?? '')).not.toBeNull();
      await store.delete('cache', 'leases/upscale/a.json');
      expect(await store.stat('cache', 'segments/none.mp4')).toBeNull();
      for (const bucket of ['input', 'music', 'output'] as const) {
        await root.putOnce(bucket, 'ours', 'x');
        await expect(store.read(bucket, 'ours'), bucket).rejects.toThrow(/refuses access/);
        await expect(store.putOnce(bucket, 'theirs', 'x'), bucket).rejects.toThrow(/refuses access/);
        const listed = async () => {
          for await (const _ of store.list(bucket, '')) break;
        };
        await expect(listed(), bucket).rejects.toThrow(/refuses access/);
      }
    });

    it('has the secret that was set last', async () => {
      const renewed = { ...user, secretKey: crypto.randomUUID() };
      await setUser(root, server.secretKey, renewed);
      expect(await as(renewed).stat('jobs', 'a/request.json')).not.toBeNull();
      await expect(as(user).stat('jobs', 'a/request.json')).rejects.toThrow(/refuses access/);
    });
  },
);
