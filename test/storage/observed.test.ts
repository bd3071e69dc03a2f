import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { Bucket } from '../../shared/keys.ts';
import { readMetrics } from '../../shared/metrics/record.ts';
import { FolderStore } from '../../storage/folder.ts';
import { MinioStore } from '../../storage/minio.ts';
import { observed } from '../../storage/observed.ts';
import type { Store } from '../../storage/store.ts';
import { describeBothStores } from './stores.ts';

async function sampleOf(start: string): Promise<number> {
  const { text } = await readMetrics();
  const line = text.split('\n').find((each) => each.startsWith(start));
  return Number(line?.split(' ').at(-1) ?? 0);
}
const read = (bucket: Bucket) => sampleOf(`montage_read_bytes_total{bucket="${bucket}"`);
const written = (bucket: Bucket) => sampleOf(`montage_written_bytes_total{bucket="${bucket}"`);
const calls = (operation: string, outcome: string) =>
  sampleOf(`montage_store_call_duration_seconds_count{function="",operation="${operation}",outcome="${outcome}"`);
/** By how much something changes what is counted. */
async function change(count: () => Promise<number>, act: () => Promise<unknown>): Promise<number> {
  const before = await count();
  await act();
  return (await count()) - before;
}

describeBothStores('an observed store', (plain) => {
  const store = (): Store => observed(plain());
  const body = Buffer.alloc(700_000, 7);

  it('is a store of the same kind', () => {
    expect(store() instanceof FolderStore || store() instanceof MinioStore).toBe(true);
  });

  it('counts what is written, and not what is there already', async () => {
    const put = () => store().putOnce('output', 'counted', body);
    expect(await change(() => written('output'), put)).toBe(body.length);
    expect(await change(() => written('output'), put)).toBe(0);
  });

  it('counts what is read whole, in part, as a file, or given up in the middle', async () => {
    await store().putOnce('music', 'song', body);
    const bytes = () => read('music');
    expect(await change(bytes, () => store().read('music', 'song'))).toBe(body.length);
    const part = async () => buffer(await store().stream('music', 'song', { start: 1000, end: 300_999 }));
    expect((await part()).length).toBe(300_000);
    expect(await change(bytes, part)).toBe(300_000);
    const file = join(tmpdir(), `montage-observed-${process.pid}`);
    expect(await change(bytes, () => store().getFile('music', 'song', file))).toBe(body.length);
    expect((await stat(file)).size).toBe(body.length);
    await rm(file);
    const some = await change(bytes, async () => {
      const stream = await store().stream('music', 'song');
      await new Promise((resolve) => stream.once('readable', resolve));
      stream.destroy();
      await new Promise((resolve) => stream.once('close', resolve));
    });
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThanOrEqual(body.length);
  });

  it('counts calls by how they end', async () => {
    expect(
      await change(
        () => calls('stat', 'done'),
        () => store().stat('jobs', 'nothing'),
      ),
    ).toBe(1);
    expect(
      await change(
        () => calls('read', 'missing'),
        () =>
          store()
            .read('jobs', 'nothing')
            .catch(() => {}),
      ),
    ).toBe(1);
    expect(
      await change(
        () => calls('list', 'done'),
        () => Array.fromAsync(store().list('jobs', '')),
      ),
    ).toBe(1);
    const first = async () => {
      for await (const _first of store().list('music', '')) break;
    };
    expect(await change(() => calls('list', 'done'), first)).toBe(1);
  });

  it('copies files as the store does', async () => {
    const file = join(tmpdir(), `montage-observed-put-${process.pid}`);
    await writeFile(file, 'content');
    expect(
      await change(
        () => written('cache'),
        () => store().putFileOnce('cache', 'from-a-file', file),
      ),
    ).toBe(7);
    expect(await readFile(file, 'utf8')).toBe('content');
    await rm(file);
  });
});
