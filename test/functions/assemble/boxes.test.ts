import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commentOf, startsWithIndex } from '../../../functions/assemble/boxes.ts';
import { ffmpeg } from '../../../shared/media/ffmpeg.ts';

describe('an MP4, read without decoding it', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-boxes-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const made = async (name: string, ...options: string[]) => {
    const path = join(folder, name);
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=1', '-c:v', 'libx264'];
    await ffmpeg(['-v', 'error', ...source, ...options, path], { timeLimitSeconds: 60 });
    return path;
  };

  it('has its index first or last', async () => {
    expect(await startsWithIndex(await made('last.mp4'))).toBe(false);
    expect(await startsWithIndex(await made('first.mp4', '-movflags', '+faststart'))).toBe(true);
  });

  it('says its comment, wherever its index is', async () => {
    const comment = 'nvidia h100 80gb hbm3 — “größer”';
    const said = ['-metadata', `comment=${comment}`, '-metadata', 'title=A film'];
    expect(await commentOf(await made('said.mp4', ...said))).toBe(comment);
    expect(await commentOf(await made('said-first.mp4', ...said, '-movflags', '+faststart'))).toBe(comment);
    expect(await commentOf(await made('silent.mp4', '-metadata', 'title=A film'))).toBeNull();
  });

  it('may be none at all', async () => {
    const path = join(folder, 'none.mp4');
    await writeFile(path, Buffer.alloc(100));
    expect(await startsWithIndex(path)).toBe(false);
    expect(await commentOf(path)).toBeNull();
  });
});
