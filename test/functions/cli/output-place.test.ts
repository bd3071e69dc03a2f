import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WrongUse } from '../../../functions/cli/exit.ts';
import { outputPlace } from '../../../functions/cli/output-place.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-output-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

describe('where the video goes', () => {
  it('is where a person says, whatever lies there', async () => {
    const path = join(folder, 'mine.mp4');
    await writeFile(path, 'x');
    const place = await outputPlace(path);
    expect(place.named).toBe(path);
    expect(await place.choose('mtv')).toEqual({ path, note: null });
  });

  it('is a name that is free where nobody says, and then which one is told', async () => {
    const place = await outputPlace(undefined);
    expect(place.named).toBeNull();
    expect(await place.choose('mtv')).toEqual({ path: join(folder, 'montage.mp4'), note: null });
    for (const expected of ['montage-mtv.mp4', 'montage-mtv-2.mp4', 'montage-mtv-3.mp4']) {
      const last = (await place.choose('mtv')).path;
      await writeFile(last, 'x');
      const next = await place.choose('mtv');
      expect(basename(next.path)).toBe(expected);
      expect(next.note).toContain(expected);
    }
    expect(basename((await place.choose('noir')).path)).toBe('montage-noir.mp4');
  });

  it('is refused before the work where nothing can be written', async () => {
    await mkdir(join(folder, 'a.mp4'));
    for (const [named, said] of [
      [join(folder, 'a.mp4'), 'is a folder'],
      [join(folder, 'a.mov'), 'must end in .mp4'],
      [join(folder, 'nowhere/a.mp4'), 'there is no folder'],
    ] as const) {
      await expect(outputPlace(named)).rejects.toThrow(WrongUse);
      await expect(outputPlace(named)).rejects.toThrow(said);
    }
  });
});
