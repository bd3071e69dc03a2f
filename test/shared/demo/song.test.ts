import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseMusic } from '../../../functions/analyze-music/music.ts';
import { makeDemoSong } from '../../../shared/demo/song.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-demo-song-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the demo’s song', () => {
  it('is the same each time, and is heard as it was written: 120 beats a minute, intro, build, drop and outro', async () => {
    const path = await makeDemoSong(join(folder, 'one'));
    const bytes = await readFile(path);
    const again = await readFile(await makeDemoSong(join(folder, 'two')));
    const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(hash(again)).toBe(hash(bytes));

    const found = await analyseMusic(path);
    if (found.kind !== 'music') throw new Error(found.reason);
    expect(found.durationSeconds).toBeCloseTo(36, 1);
    expect(found.tempo).toBeCloseTo(120, 0);
    expect(found.sections.map(({ label }) => label)).toEqual(['intro', 'build', 'drop', 'outro']);
    for (const [n, start] of [0, 8, 16, 32].entries()) expect(found.sections[n]?.start).toBeCloseTo(start, 1);
    expect(
      found.beats
        .filter(({ downbeat }) => downbeat)
        .every(({ time }) => Math.abs(time / 2 - Math.round(time / 2)) < 0.01),
    ).toBe(true);

    let peak = 0;
    for (let at = 44; at < bytes.length; at += 2) peak = Math.max(peak, Math.abs(bytes.readInt16LE(at)));
    // Loud, but never clipped.
    expect(peak / 32_768).toBeGreaterThan(0.8);
    expect(peak / 32_768).toBeLessThan(0.88);
  });

  it('is not begun once it was cancelled', async () => {
    const reason = new Error('Stopped');
    await expect(makeDemoSong(folder, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
