import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { log } from '../../shared/log.ts';
import { Refusal } from '../../shared/refusal.ts';
import { FolderStore } from '../../storage/folder.ts';
import { writeError } from '../../storage/folder-errors.ts';
import { verifySignedUrl } from '../../storage/signed-url.ts';
import type { ObjectInfo } from '../../storage/store.ts';

const md5 = (content: string | Uint8Array) => createHash('md5').update(content).digest('hex');

let outside = '';
let root = '';
let store: FolderStore;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'montage-folder-test-'));
});
afterAll(() => rm(outside, { recursive: true, force: true }));
beforeEach(async () => {
  root = await mkdtemp(join(outside, 'data-'));
  store = new FolderStore(root, { publicUrl: 'http://localhost:8080' });
  await store.prepare();
});

/** Watches a bucket for a while and returns what it was told, once `count` arrivals are there and a moment more has passed. */
async function arrivals(
  bucket: 'input' | 'cache',
  count: number,
  make: (seen: readonly ObjectInfo[]) => Promise<void>,
): Promise<ObjectInfo[]> {
  const seen: ObjectInfo[] = [];
  const stop = new AbortController();
  await store.watch([bucket], (arrival) => seen.push(arrival), stop.signal);
  try {
    await make(seen);
    while (seen.length < count) await sleep(20);
    await sleep(400);
  } finally {
    stop.abort();
  }
  return seen;
}

async function old(path: string): Promise<void> {
  // Its time of change can't be set back: it must pass.
  const change = (await stat(path)).ctimeMs;
  await utimes(path, 1, 1);
  await sleep(Math.max(0, change + 2300 - Date.now()));
}

describe('A folder store', () => {
  it('holds each object as a plain file that can be looked at', async () => {
    await store.putOnce('output', 'job/r1/montage.mp4', 'film');
    expect(await readFile(join(root, 'output/job/r1/montage.mp4'), 'utf8')).toBe('film');
    expect(await store.localPath('output', 'job/r1/montage.mp4')).toBe(join(root, 'output/job/r1/montage.mp4'));
  });

  it('lists what a person has dropped, and neither dotfiles nor unfinished downloads nor links into nothing', async () => {
    await mkdir(join(root, 'input/holiday/.hidden'), { recursive: true });
    for (const name of ['a.mp4', '.DS_Store', '._a.mp4', 'b.mp4.part', 'c.mp4.crdownload', '~lock.x', '.hidden/d.mp4'])
      await writeFile(join(root, 'input/holiday', name), name);
    await symlink(join(root, 'nowhere'), join(root, 'input/holiday/e.mp4'));
    expect(await Array.fromAsync(store.list('input', ''))).toMatchObject([
      { key: 'holiday/a.mp4', etag: md5('a.mp4'), size: 5 },
    ]);
    expect(await store.stat('input', 'holiday/e.mp4')).toBeNull();
  });

  it('links footage instead of copying it, and leaves it alone when the link is deleted', async () => {
    const clip = join(outside, 'long clip.mp4');
    await writeFile(clip, 'footage');
    await utimes(clip, 1, 1);
    const info = await store.linkOnce('input', 'set/clip.mp4', clip);
    expect(info).toMatchObject({ etag: md5('footage'), size: 7 });
    expect(Math.abs(Date.now() - (info?.lastModified.getTime() ?? 0))).toBeLessThan(10_000);
    expect(await readlink(join(root, 'input/set/clip.mp4'))).toBe(clip);
    expect(await store.linkOnce('input', 'set/clip.mp4', clip)).toBeNull();
    expect((await Array.fromAsync(store.list('input', ''))).map(({ key }) => key)).toEqual(['set/clip.mp4']);
    await store.delete('input', 'set/clip.mp4');
    expect(await readFile(clip, 'utf8')).toBe('footage');
    await expect(store.linkOnce('input', 'set/none.mp4', join(outside, 'none.mp4'))).rejects.toThrow(Refusal);
  });

  it('knows an ETag of a big file again without reading it, and reads it when it has changed', async () => {
    const path = join(root, 'input/big.mp4');
    const content = randomBytes(400_000);
    await writeFile(path, content);
    await old(path);
    expect((await store.stat('input', 'big.mp4'))?.etag).toBe(md5(content));
    const [kept = ''] = await readdir(join(root, '.etags'));
    const version = (await readFile(join(root, '.etags', kept), 'utf8')).split(' ')[0];
    await writeFile(join(root, '.etags', kept), `${version} ${'0'.repeat(32)}`);
    const another = new FolderStore(root);
    expect((await another.stat('input', 'big.mp4'))?.etag).toBe('0'.repeat(32));
    content[399_999] = (content[399_999] ?? 0) ^ 1;
    await writeFile(path, content);
    expect((await another.stat('input', 'big.mp4'))?.etag).toBe(md5(content));
  });

  it('does not read a big file over and over while somebody copies it', async () => {
    const file = await open(join(root, 'input/growing.mp4'), 'w');
    await file.truncate(70 * 1024 * 1024);
    const growing = await store.stat('input', 'growing.mp4');
    await file.truncate(71 * 1024 * 1024);
    const [grown] = await Array.fromAsync(store.list('input', ''));
    expect(grown?.size).toBe(71 * 1024 * 1024);
    expect(grown?.etag).not.toBe(growing?.etag);
    await file.close();
    await old(join(root, 'input/growing.mp4'));
    expect((await store.stat('input', 'growing.mp4'))?.etag).toBe(md5(Buffer.alloc(71 * 1024 * 1024)));
  });

  it('lets exactly one of several processes win, for each of many keys and each version of one', async () => {
    const program = `
      import { FolderStore } from ${JSON.stringify(join(import.meta.dirname, '../../storage/folder.ts'))};
      const [root, name] = process.argv.slice(1);
      const store = new FolderStore(root);
      const [made, replaced] = [[], []];
      for (let i = 0; i < 40; i += 1) {
        if (await store.putOnce('jobs', 'k' + i, name)) made.push(i);
        const { etag } = await store.stat('cache', 'cas');
        if (await store.replace('cache', 'cas', name + i, etag)) replaced.push(etag);
      }
      console.log(JSON.stringify({ made, replaced }));`;
    await store.putOnce('cache', 'cas', 'start');
    const run = promisify(execFile);
    const outputs = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => run(process.execPath, ['--input-type=module', '-e', program, root, name])),
    );
    const results = outputs.map(({ stdout }) => JSON.parse(stdout) as { made: number[]; replaced: string[] });
    const made = results.flatMap((result) => result.made);
    const replaced = results.flatMap((result) => result.replaced);
    expect(made.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(replaced.length).toBeGreaterThanOrEqual(40);
    expect(new Set(replaced).size).toBe(replaced.length);
    expect(await readdir(join(root, '.locks'))).toEqual([]);
    expect(await readdir(join(root, '.scratch'))).toEqual([]);
  });

  it('breaks the lock of a process that died five seconds ago, and no younger one', async () => {
    await store.putOnce('cache', 'lease', 'one');
    const name = createHash('sha256').update('cache/lease').digest('hex').slice(0, 32);
    const dead = join(root, '.locks', `${name}.dead`);
    await writeFile(dead, '');
    const replacing = store.replace('cache', 'lease', 'two', md5('one'));
    await sleep(500);
    expect((await store.read('cache', 'lease')).toString()).toBe('one');
    const sixSecondsAgo = Date.now() / 1000 - 6;
    await utimes(dead, sixSecondsAgo, sixSecondsAgo);
    expect(await replacing).toMatchObject({ etag: md5('two') });
    expect(await readdir(join(root, '.locks'))).toEqual([]);
  });

  it('removes the empty folders of what it deletes, but never a folder of footage', async () => {
    await store.putOnce('jobs', 'job/r1/done.json', '{}');
    await store.putOnce('jobs', 'job/request.json', '{}');
    await store.delete('jobs', 'job/r1/done.json');
    expect(await readdir(join(root, 'jobs/job'))).toEqual(['request.json']);
    await store.delete('jobs', 'job/request.json');
    expect(await readdir(join(root, 'jobs'))).toEqual([]);
    await store.putOnce('input', 'set/a.mp4', 'x');
    await store.delete('input', 'set/a.mp4');
    expect(await readdir(join(root, 'input'))).toEqual(['set']);
  });

  it('refuses a name that is a folder, or that lies below a file, and says so', async () => {
    await store.putOnce('jobs', 'a/b', 'x');
    await expect(store.putOnce('jobs', 'a', 'x')).rejects.toThrow(Refusal);
    await expect(store.putOnce('jobs', 'a/b/c', 'x')).rejects.toThrow(Refusal);
    expect(await store.stat('jobs', 'a/b/c')).toBeNull();
    expect(await store.stat('jobs', 'a')).toBeNull();
  });

  it('signs its URLs with a secret that is made once, however many ask at once, and that only its owner can read', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => new FolderStore(root).signingSecret()));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(join(root, '.secret'))).mode & 0o777).toBe(0o600);
    const url = await store.signedUrl('output', 'a b.mp4', { method: 'GET', expiresSeconds: 60 });
    expect(verifySignedUrl(secrets[0] ?? '', url, 'GET', Date.now())).toEqual({
      bucket: 'output',
      key: 'a b.mp4',
      method: 'GET',
    });
    await expect(new FolderStore(root).signedUrl('output', 'a', { method: 'GET', expiresSeconds: 1 })).rejects.toThrow(
      /MONTAGE_PUBLIC_URL/,
    );
  });

  it('says what to do about a folder that it cannot use', async () => {
    await writeFile(join(outside, 'a file'), 'x');
    const refused = new FolderStore(join(outside, 'a file')).prepare();
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(/a file.*MONTAGE_DATA/);
  });

  it.skipIf(process.platform !== 'linux')('says so when there can be no folder (only Linux has /sys)', async () => {
    const refused = new FolderStore('/sys/montage').prepare();
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(/\/sys\/montage.*MONTAGE_DATA/);
  });

  it.skipIf(process.getuid?.() === 0)(
    'says so when it may not write to the folder (not as root: root may)',
    async () => {
      const locked = await mkdtemp(join(outside, 'locked-'));
      await chmod(locked, 0o500);
      await expect(new FolderStore(join(locked, 'data')).prepare()).rejects.toThrow(Refusal);
    },
  );

  it('clears what a killed process left in scratch long ago, and nothing younger', async () => {
    await writeFile(join(root, '.scratch/left'), 'x');
    await writeFile(join(root, '.scratch/in-use'), 'x');
    await utimes(join(root, '.scratch/left'), 1, 1);
    await store.prepare();
    expect(await readdir(join(root, '.scratch'))).toEqual(['in-use']);
  });
});

describe('What a folder store says of a failed write', () => {
  it('is a sentence: a full disk may have room again, a name that cannot be will never be', () => {
    const failed = (code: string) => writeError(Object.assign(new Error(`${code}: write`), { code }), '/data');
    expect(String(failed('ENOSPC'))).toBe('Error: The disk of /data is full: free some space and try again');
    expect(failed('EROFS')).not.toBeInstanceOf(Refusal);
    expect(String(failed('EACCES'))).toContain('/data');
    expect(failed('ENAMETOOLONG')).toBeInstanceOf(Refusal);
    const other = new Error('something else');
    expect(writeError(other, '/data')).toBe(other);
  });
});

describe('A watch on a folder', () => {
  it('reports a file that is copied in slowly once, whole, when it has stopped changing', async () => {
    const seen = await arrivals('input', 1, async (soFar) => {
      await mkdir(join(root, 'input/new set'));
      const file = await open(join(root, 'input/new set/clip.mp4'), 'w');
      for (let i = 0; i < 8; i += 1) {
        await file.write('part ');
        await sleep(200);
        expect(soFar).toEqual([]);
      }
      await file.close();
    });
    expect(seen).toMatchObject([{ key: 'new set/clip.mp4', size: 40, etag: md5('part '.repeat(8)) }]);
  });

  it('reports what was already in a folder that is moved in, in folders below it too, and what comes into it later', async () => {
    const tree = join(outside, 'tree');
    await mkdir(join(tree, 'deep/er'), { recursive: true });
    for (const name of ['a.mp4', 'deep/b.mp4', 'deep/er/c.mp4', 'deep/.hidden.mp4', 'deep/d.mp4.part'])
      await writeFile(join(tree, name), name);
    const seen = await arrivals('input', 4, async () => {
      await rename(tree, join(root, 'input/tree'));
      await sleep(100);
      await writeFile(join(root, 'input/tree/deep/er/late.mp4'), 'late');
    });
    expect(seen.map(({ key }) => key).sort()).toEqual([
      'tree/a.mp4',
      'tree/deep/b.mp4',
      'tree/deep/er/c.mp4',
      'tree/deep/er/late.mp4',
    ]);
  });

  it('takes what happens to a folder itself for what it is, and not for a file without a name', async () => {
    const warned = vi.spyOn(log, 'warn');
    const seen = await arrivals('cache', 1, async () => {
      await mkdir(join(root, 'cache/leases/render'), { recursive: true });
      await sleep(100);
      await chmod(join(root, 'cache/leases/render'), 0o700);
      await writeFile(join(root, 'cache/leases/render/one.json'), '{}');
      await chmod(join(root, 'cache/leases/render'), 0o755);
      await sleep(100);
    });
    expect(seen.map(({ key }) => key)).toEqual(['leases/render/one.json']);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  it('says nothing of folders that are gone before they can be watched', async () => {
    const warned = vi.spyOn(log, 'warn');
    const seen = await arrivals('cache', 1, async () => {
      const comeAndGo = async (folder: string) => {
        for (let i = 0; i < 400; i += 1) {
          await mkdir(folder, { recursive: true });
          await rm(folder, { recursive: true, force: true });
        }
      };
      await Promise.all(['a', 'b', 'c', 'd'].map((name) => comeAndGo(join(root, 'cache/leases', name))));
      await store.putOnce('cache', 'leases/last.json', '{}');
    });
    expect(seen.map(({ key }) => key)).toEqual(['leases/last.json']);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  it('reports a download when it gets its name', async () => {
    const seen = await arrivals('input', 1, async () => {
      await writeFile(join(root, 'input/clip.mp4.crdownload'), 'clip');
      await sleep(1300);
      await rename(join(root, 'input/clip.mp4.crdownload'), join(root, 'input/clip.mp4'));
    });
    expect(seen.map(({ key }) => key)).toEqual(['clip.mp4']);
  });

  it('reports a file that is replaced by another as a new arrival, and one that is only touched by readers not at all', async () => {
    await writeFile(join(root, 'input/clip.mp4'), 'old');
    const seen = await arrivals('input', 1, async () => {
      await readFile(join(root, 'input/clip.mp4'));
      await chmod(join(root, 'input/clip.mp4'), 0o600);
      await writeFile(join(outside, 'new.mp4'), 'new');
      await copyFile(join(outside, 'new.mp4'), join(root, 'input/clip.mp4'));
    });
    expect(seen).toMatchObject([{ key: 'clip.mp4', etag: md5('new') }]);
  });

  it('reports a file again that was deleted and comes back, in a folder that was deleted and comes back', async () => {
    const seen = await arrivals('cache', 2, async (soFar) => {
      await store.putOnce('cache', 'analysis/a.json', 'first');
      while (soFar.length < 1) await sleep(5);
      await store.delete('cache', 'analysis/a.json');
      await store.putOnce('cache', 'analysis/a.json', 'second');
    });
    expect(seen.map(({ etag }) => etag)).toEqual([md5('first'), md5('second')]);
  });

  it('reports a linked clip that is old at once, although the link is new, before one that was copied in earlier', async () => {
    const clip = join(outside, 'old.mp4');
    await writeFile(clip, 'old footage');
    await old(clip);
    const seen = await arrivals('input', 2, async () => {
      await writeFile(join(root, 'input/copied.mp4'), 'copied');
      await store.linkOnce('input', 'set/old.mp4', clip);
    });
    expect(seen).toMatchObject([
      { key: 'set/old.mp4', etag: md5('old footage') },
      { key: 'copied.mp4', etag: md5('copied') },
    ]);
  });

  it('misses none of many objects in many new folders', async () => {
    const keys = Array.from({ length: 300 }, (_, i) => `segments/${i % 7}/${i % 30}/${i}.mp4`);
    const seen = await arrivals('cache', keys.length, async () => {
      await Promise.all(keys.map((key) => store.putOnce('cache', key, key)));
    });
    expect(seen.map(({ key }) => key).sort()).toEqual([...keys].sort());
  });
});
