import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WrongUse } from '../../../functions/cli/exit.ts';
import { leftOutLines, namedFootage } from '../../../functions/cli/footage.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-footage-'));
});
afterEach(() => rm(folder, { recursive: true }));
/** As where Montage's own files lie elsewhere. */
const named = (...paths: string[]) =>
  namedFootage(
    paths.map((path) => join(folder, path)),
    { data: join(folder, 'montage-data'), output: null },
  );
const namesOf = ({ clips }: { clips: { name: string }[] }) => clips.map(({ name }) => name);
const touch = async (...names: string[]) => {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), 'x');
  }
};

describe('the footage that a person names', () => {
  it('is every video of a folder to its depths, and nothing else', async () => {
    await touch('b.mp4', 'day 2/a.MOV', 'notes.txt', 'song.mp3', '.hidden.mp4', '-dash "quoted"\n.mkv');
    expect(namesOf(await named('.'))).toEqual(['-dash "quoted"\n.mkv', 'b.mp4', 'day 2/a.MOV']);
  });

  it('keeps clips of the same name apart', async () => {
    await touch('one/a.mp4', 'two/a.mp4', 'three/a.mp4');
    const footage = await named('one/a.mp4', 'two/a.mp4', 'three/a.mp4');
    expect(namesOf(footage)).toEqual(['a.mp4', '2/a.mp4', '3/a.mp4']);
  });

  it('is the same set when it is named again, and another one elsewhere', async () => {
    await touch('one/a.mp4', 'two/a.mp4');
    const [once, again, other] = await Promise.all(['one', 'one', 'two'].map((name) => named(name)));
    expect(once?.footageSet).toMatch(/^one-[0-9a-f]{8}$/);
    expect(again?.footageSet).toBe(once?.footageSet);
    expect(other?.footageSet).not.toBe(once?.footageSet);
  });

  it('is titled after the folder or clip that was named, the first of several', async () => {
    await touch('Rome 2024.07/a.mp4', 'Rome 2024.07/day 2/b.mp4', 'other/c.mp4');
    const titleOf = async (...paths: string[]) => (await named(...paths)).title;
    expect(await titleOf('Rome 2024.07')).toBe('Rome 2024-07');
    expect(await titleOf('Rome 2024.07/a.mp4')).toBe('a');
    expect(await titleOf('Rome 2024.07/a.mp4', 'Rome 2024.07/day 2')).toBe('a');
    expect(await titleOf('Rome 2024.07', 'other/c.mp4')).toBe('Rome 2024-07');
  });

  it('is refused by name when there is none', async () => {
    await touch('notes.txt');
    await expect(named('gone.mp4')).rejects.toThrow(WrongUse);
    await expect(named('notes.txt')).rejects.toThrow('notes.txt is not named like a video');
    await expect(named('.')).rejects.toThrow(WrongUse);
    await expect(named('.')).rejects.toThrow(`The folder ${folder} holds no clips`);
  });
});

describe('what Montage made itself is no footage:', () => {
  const montage = (stem: string) => touch(`${stem}.mp4`, `${stem}.otio`, `${stem}.report.json`);

  it('the data folder, wherever it lies and however it is named', async () => {
    await touch('a.mp4', 'kept here/input/set/b.mp4', 'kept here/output/job/r1/montage.mp4');
    await symlink(join(folder, 'kept here'), join(folder, 'link'));
    for (const data of [join(folder, 'kept here'), join(folder, 'link'), join(folder, 'x/../kept here')]) {
      const footage = await namedFootage([folder], { data, output: null });
      expect(namesOf(footage)).toEqual(['a.mp4']);
      expect(leftOutLines(footage)).toEqual([expect.stringContaining('kept here/')]);
    }
    const itself = namedFootage([join(folder, 'kept here')], { data: join(folder, 'link'), output: null });
    await expect(itself).rejects.toThrow('keeps its own data');
    // Named on purpose, a set in it is footage.
    const set = join(folder, 'kept here/input/set');
    expect(namesOf(await namedFootage([set], { data: join(folder, 'link'), output: null }))).toEqual(['b.mp4']);
  });

  it('earlier montages, and the file that the next one goes to', async () => {
    await touch('a.mp4', 'out.mp4', 'served/montage.mp4', 'served/montage.otio', 'served/report.json', 'edit.otio');
    await montage('first');
    await montage('deep/second');
    const output = join(folder, 'out.mp4');
    const footage = await namedFootage([folder], { data: join(folder, 'montage-data'), output });
    expect(namesOf(footage)).toEqual(['a.mp4']);
    const [line, ...others] = leftOutLines(footage);
    expect(others).toEqual([]);
    expect(line).toMatch(/deep\/second\.mp4, first\.mp4, out\.mp4 and 1 more$/);
  });

  it('also among files that a shell listed; a clip that is to be written over is refused', async () => {
    await touch('a.mp4');
    await montage('first');
    const own = { data: join(folder, 'montage-data'), output: join(folder, 'a.mp4') };
    expect(namesOf(await named('a.mp4', 'first.mp4'))).toEqual(['a.mp4']);
    await expect(named('first.mp4')).rejects.toThrow(WrongUse);
    await expect(namedFootage([join(folder, 'a.mp4')], own)).rejects.toThrow('as a clip and as the output');
  });

  it('and where nothing else lies, that is said', async () => {
    await montage('first');
    await expect(named('.')).rejects.toThrow('holds no clips but what Montage made');
  });
});

it('photos are counted, since somebody may have hoped to see them', async () => {
  await touch('a.mp4', 'b.JPG', 'c.heic', 'deep/d.png');
  expect(leftOutLines(await named('.'))).toEqual(['Left out 3 photos: a montage is cut from videos only']);
  await rm(join(folder, 'deep'), { recursive: true });
  await rm(join(folder, 'b.JPG'));
  expect(leftOutLines(await named('.'))).toEqual(['Left out 1 photo: a montage is cut from videos only']);
});
