import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeFfmpeg } from '../../media/fake-ffmpeg.ts';
import { scratchFolder } from '../../media/scratch.ts';

const folder = scratchFolder();
beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllEnvs());

describe.skipIf(process.platform === 'win32')('an ffmpeg that a person names', () => {
  it('is told no key of the store when it decodes', async () => {
    const path = await fakeFfmpeg(folder, 'ffmpeg-9', 'libx264');
    vi.stubEnv('FFMPEG_PATH', path);
    vi.stubEnv('FFPROBE_PATH', path);
    vi.stubEnv('MONTAGE_STORE_SECRET_KEY', 'a-key-of-the-store');
    const { ffmpeg } = await import('../../../shared/media/ffmpeg.ts');
    await ffmpeg(['-i', 'clip.mp4'], { timeLimitSeconds: 20 });
    const told = await readFile(`${path}.env`, 'utf8');
    expect(told).toContain('PATH=');
    expect(told).not.toContain('a-key-of-the-store');
  });

  it('has the filters that it prints, in the shorter form of version 8 too', async () => {
    vi.stubEnv('FFMPEG_PATH', await fakeFfmpeg(folder, 'ffmpeg-short', 'libx264'));
    vi.stubEnv('FFPROBE_PATH', 'ffprobe');
    const { mediaTools } = await import('../../../shared/media/tools.ts');
    expect([...(await mediaTools()).filters]).toEqual(['scale']);
  });
});
