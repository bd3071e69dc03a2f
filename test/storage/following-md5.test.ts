import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FollowingMd5 } from '../../storage/following-md5.ts';

const PIECE = 1_500_000;
const content = randomBytes(4 * PIECE - 7);
const md5 = createHash('md5').update(content).digest('hex');

describe('the MD5 of a file that comes in pieces', () => {
  let folder = '';
  let file = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-md5-'));
    file = join(folder, 'clip');
    await writeFile(file, content);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A piece comes: with what it is, or only with where it lies. */
  const come = (md5s: FollowingMd5, piece: number, isAtHand: boolean) => {
    const part = content.subarray(piece * PIECE, (piece + 1) * PIECE);
    return md5s.add(file, piece * PIECE, part.length, isAtHand ? part : null);
  };

  it.each([
    ['in order', [0, 1, 2, 3]],
    ['backwards', [3, 2, 1, 0]],
    ['anyhow', [2, 0, 3, 1]],
  ])('is there with the last of them, %s, whether they are at hand or have to be read', async (_, order) => {
    const md5s = new FollowingMd5();
    md5s.follow(file, content.length);
    const answers = [];
    for (const piece of order) answers.push(await come(md5s, piece, piece % 2 === 0));
    expect(answers).toEqual([null, null, null, md5]);
    // It is not followed any more.
    expect(await come(md5s, 0, true)).toBeNull();
  });

  it('isn’t made when a piece is to be written again, nor of what was given up long ago', async () => {
    const md5s = new FollowingMd5();
    md5s.follow(file, content.length);
    for (const piece of [0, 1, 2]) await come(md5s, piece, true);
    await md5s.letGo(file);
    expect(await come(md5s, 3, true)).toBeNull();
    md5s.follow(file, content.length);
    for (const piece of [0, 1, 2]) await come(md5s, piece, true);
    md5s.follow(`${file}-other`, 1, Date.now() + 11 * 60_000);
    expect(await come(md5s, 3, true)).toBeNull();
  });
});
