import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtInStyles } from '../../../shared/styles/built-in.ts';
import { montage } from '../../pipeline/command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-styles-'));
});
afterEach(() => rm(folder, { recursive: true }));

const listed = async (): Promise<{ id: string; description: string }[]> => {
  const { stdout } = await montage(['styles', '--json', '--data', join(folder, 'data')], { cwd: folder });
  return JSON.parse(stdout);
};
const own = async (id: string) => {
  const [like] = builtInStyles();
  await mkdir(join(folder, 'data/input/styles'), { recursive: true });
  const style = { ...like, id, description: 'Mine' };
  await writeFile(join(folder, 'data/input/styles', `${id}.json`), JSON.stringify(style));
};

describe('the styles that are listed', () => {
  it('are the built-in ones where there is no data folder yet', async () => {
    expect((await listed()).map(({ id }) => id)).toEqual(builtInStyles().map(({ id }) => id));
  });

  it('have a person’s own among them, which takes the place of a built-in one of its id', async () => {
    await own('mine');
    await own('mtv');
    const all = await listed();
    expect(
      all
        .filter(({ description }) => description === 'Mine')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['mine', 'mtv']);
    expect(all).toHaveLength(builtInStyles().length + 1);
  });

  it('can be asked for by `run`', async () => {
    await own('mine');
    const args = ['--footage', 'gone.mp4', '--music', 'gone.mp3', '--data', join(folder, 'data')];
    // The style is looked at before the footage.
    expect((await montage(['run', 'mine', ...args], { cwd: folder })).stderr).toContain('gone.mp4');
    expect((await montage(['run', 'min', ...args], { cwd: folder })).stderr).toContain('There is no style "min"');
  });
});
