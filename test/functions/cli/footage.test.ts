import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WrongUse } from '../../../functions/cli/exit.ts';
import { namedByContent, namedFootage } from '../../../functions/cli/footage.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-footage-'));
});
afterEach(() => rm(folder, { recursive: true }));
const touch = async (...names: string[]) => {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), 'x');
  }
};

describe('the footage that a person names', () => {
  it('is every video of a folder to its depths, and nothing else', async () => {
    await touch('b.mp4', 'day 2/a.MOV', 'notes.txt', 'song.mp3', '.hidden.mp4', '-dash "quoted"\n.mkv');
    const { clips } = await namedFootage([folder]);
    expect(clips.map(({ name }) => name)).toEqual(['-dash "quoted"\n.mkv', 'b.mp4', 'day 2/a.MOV']);
  });

  it('keeps clips of the same name apart', async () => {
    await touch('one/a.mp4', 'two/a.mp4', 'three/a.mp4');
    const { clips } = await namedFootage(['one/a.mp4', 'two/a.mp4', 'three/a.mp4'].map((name) => join(folder, name)));
    expect(clips.map(({ name }) => name)).toEqual(['a.mp4', '2/a.mp4', '3/a.mp4']);
  });

  it('is the same set when it is named again, and another one elsewhere', async () => {
    await touch('one/a.mp4', 'two/a.mp4');
    const [once, again, other] = await Promise.all(
      ['one', 'one', 'two'].map((name) => namedFootage([join(folder, name)])),
    );
    expect(once?.footageSet).toMatch(/^one-[0-9a-f]{8}$/);
    expect(again?.footageSet).toBe(once?.footageSet);
    expect(other?.footageSet).not.toBe(once?.footageSet);
  });

  it('is named by its content where it lies among others’, not by the path that two machines may share', async () => {
    await touch('one/a.mp4');
    const before = await namedByContent(await namedFootage([join(folder, 'one')]));
    await writeFile(join(folder, 'one/a.mp4'), 'edited');
    const after = await namedByContent(await namedFootage([join(folder, 'one')]));
    expect(before.footageSet).toMatch(/^one-[0-9a-f]{16}$/);
    expect(after.footageSet).not.toBe(before.footageSet);
    await writeFile(join(folder, 'one/a.mp4'), 'x');
    expect((await namedByContent(await namedFootage([join(folder, 'one')]))).footageSet).toBe(before.footageSet);
  });

  it('is refused by name when there is none', async () => {
    await touch('notes.txt');
    await expect(namedFootage([join(folder, 'gone.mp4')])).rejects.toThrow(WrongUse);
    await expect(namedFootage([join(folder, 'notes.txt')])).rejects.toThrow('notes.txt is not named like a video');
    await expect(namedFootage([folder])).rejects.toThrow(`The folder ${folder} holds no clips`);
  });
});
