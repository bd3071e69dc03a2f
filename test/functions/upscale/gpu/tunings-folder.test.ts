import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tuningsFolder } from '../../../../functions/upscale/gpu/tunings-folder.ts';

const blocking = {
  by: 'threads',
  ...{ columns: 16, rows: 8, outputs: 4, pixelsOfThread: 4, outputsOfThread: 2, depth: 1 },
} as const;

describe('what was measured of a GPU, in a folder of a computer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-tunings-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is all there when processes write at once, and nothing unfinished is', async () => {
    const keys = Array.from({ length: 40 }, (_, n) => `key${n}`);
    await Promise.all(keys.map((key) => tuningsFolder(join(folder, 'below')).put(key, blocking)));
    const kept = await Promise.all(keys.map((key) => tuningsFolder(join(folder, 'below')).get(key)));
    expect(kept).toEqual(keys.map(() => blocking));
    expect(await readdir(join(folder, 'below'))).toHaveLength(40);
  });

  it('is nothing where what is there is damaged, until it is written anew', async () => {
    await writeFile(join(folder, 'key.json'), '{"by": "thr');
    const tunings = tuningsFolder(folder);
    expect(await tunings.get('key')).toBeNull();
    await tunings.put('key', blocking);
    expect(await tunings.get('key')).toEqual(blocking);
  });

  it('goes after half a year, when something else is measured', async () => {
    const tunings = tuningsFolder(folder);
    await tunings.put('old', blocking);
    await tunings.put('newer', blocking);
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3600 * 1000);
    await utimes(join(folder, 'old.json'), daysAgo(190), daysAgo(190));
    await utimes(join(folder, 'newer.json'), daysAgo(150), daysAgo(150));
    await tunings.put('new', blocking);
    expect((await readdir(folder)).toSorted()).toEqual(['new.json', 'newer.json']);
  });

  it('is not kept where the folder can not be written to, and nothing fails', async () => {
    await writeFile(join(folder, 'file'), '');
    const tunings = tuningsFolder(join(folder, 'file'));
    await tunings.put('key', blocking);
    expect(await tunings.get('key')).toBeNull();
  });
});
