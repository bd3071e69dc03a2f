import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namedFootage } from '../../../functions/cli/footage.ts';
import { sendFootage, sendSong } from '../../../functions/cli/send.ts';
import { type Runtime, startRuntime } from '../../../knative/local/runtime.ts';
import { Client } from '../../../shared/api/client.ts';
import { readConfig } from '../../../shared/config.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { describeBothStores } from '../../storage/stores.ts';
import { clientOf } from '../jobs/client-of.ts';

describeBothStores('what goes to a server elsewhere', (store) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-send-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = async (name: string, content: Uint8Array) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };

  it('takes the place of nothing that is there, small or large, however much of it is the same', async () => {
    const client = clientOf(store());
    const [small, large] = [randomBytes(1000), randomBytes(20 * 2 ** 20)];
    // Where nobody looks who looks for content.
    const corrected = Buffer.from(large);
    corrected.fill(7, 5 * 2 ** 20, 5 * 2 ** 20 + 1000);
    const paths = [
      await write('1/kept.ogg', small),
      await write('2/kept.ogg', randomBytes(1000)),
      await write('3/mix.wav', large),
      await write('4/mix.wav', corrected),
    ];
    for (let turn = 1; turn <= 2; turn += 1) {
      const keys: string[] = [];
      for (const path of paths.slice(0, turn === 1 ? 4 : 3)) keys.push(await sendSong(client, null, path));
      expect(keys).toEqual(['kept.ogg', 'kept (2).ogg', 'mix.wav', 'mix (2).wav'].slice(0, keys.length));
    }
    expect((await store().read('music', 'kept.ogg')).equals(small)).toBe(true);
    expect((await store().read('music', 'mix.wav')).equals(large)).toBe(true);
    expect((await store().read('music', 'mix (2).wav')).equals(corrected)).toBe(true);
  });
});

describe('what goes to a server elsewhere', () => {
  let folder: string;
  let store: FolderStore;
  let runtime: Runtime;
  let client: Client;
  /** The names of what was sent. */
  let sent: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-send-'));
    store = new FolderStore(join(folder, 'data'));
    await store.prepare();
    const config = readConfig({ MONTAGE_DATA: store.root });
    runtime = await startRuntime({ store, config, port: 0, works: false, onLog: () => {} });
    client = new Client(runtime);
    sent = [];
    const uploadUrl = client.uploadUrl.bind(client);
    client.uploadUrl = (bucket, key) => {
      sent.push(key);
      return uploadUrl(bucket, key);
    };
  });
  afterEach(async () => {
    await runtime?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (name: string, content: string) => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  };
  const footage = async (...paths: string[]) => {
    const own = { data: store.root, output: null };
    const named = await namedFootage(
      paths.map((path) => join(folder, path)),
      own,
    );
    const { footageSet, keys } = await sendFootage(client, null, named);
    return { footageSet, keys: Object.fromEntries(keys) };
  };
  /** What was sent by this. */
  const sentBy = async (work: () => Promise<unknown>) => {
    sent = [];
    await work();
    return sent;
  };

  it('has the names that a person knows it by, and isn’t sent again', async () => {
    await write('Summer/a.mp4', 'waves');
    await write('Summer/day 2/b.mp4', 'sand');
    const song = await write('songs/lullaby.ogg', 'la la');
    const held = { footageSet: 'Summer', keys: { 'a.mp4': 'Summer/a.mp4', 'day 2/b.mp4': 'Summer/day 2/b.mp4' } };
    expect(await footage('Summer')).toEqual(held);
    expect(await sendSong(client, null, song)).toBe('lullaby.ogg');
    expect((await store.read('input', 'Summer/day 2/b.mp4')).toString()).toBe('sand');
    const again = await sentBy(async () => {
      expect(await footage('Summer')).toEqual(held);
      expect(await sendSong(client, null, await write('elsewhere/called another way.ogg', 'la la'))).toBe(
        'lullaby.ogg',
      );
    });
    expect(again).toEqual([]);
  });

  it('leaves the names that other content has, and is numbered', async () => {
    await write('one/clips/a.mp4', 'waves');
    await write('two/clips/a.mp4', 'other');
    const songs = [await write('one/song.ogg', 'la la'), await write('two/song.ogg', 'tra la')];
    for (let turn = 1; turn <= 2; turn += 1) {
      expect(await footage('one/clips')).toEqual({ footageSet: 'clips', keys: { 'a.mp4': 'clips/a.mp4' } });
      expect(await footage('two/clips')).toEqual({ footageSet: 'clips (2)', keys: { 'a.mp4': 'clips (2)/a.mp4' } });
      for (const [i, name] of ['song.ogg', 'song (2).ogg'].entries())
        expect(await sendSong(client, null, songs[i] ?? '')).toBe(name);
    }
    expect((await store.read('input', 'clips/a.mp4')).toString()).toBe('waves');
    expect((await store.read('music', 'song.ogg')).toString()).toBe('la la');
  });

  it('joins what was sent of the folder before, where a clip was changed or added, without a second copy of the others', async () => {
    await write('Summer/a.mp4', 'waves');
    await write('Summer/b.mp4', 'sand');
    await footage('Summer');
    await write('Summer/b.mp4', 'more sand');
    await write('Summer/c.mp4', 'waves');
    const fresh = await sentBy(async () =>
      expect(await footage('Summer')).toEqual({
        footageSet: 'Summer',
        keys: { 'a.mp4': 'Summer/a.mp4', 'b.mp4': 'Summer/b (2).mp4', 'c.mp4': 'Summer/a.mp4' },
      }),
    );
    // Tried first under the name that is taken.
    expect(fresh).toEqual(['Summer/b.mp4', 'Summer/b (2).mp4']);
    expect((await store.read('input', 'Summer/b.mp4')).toString()).toBe('sand');
  });

  it('is no set where own styles lie, or what is only looked at', async () => {
    await write('styles/a.mp4', 'waves');
    expect((await footage('styles')).footageSet).toBe('styles clips');
  });
});
