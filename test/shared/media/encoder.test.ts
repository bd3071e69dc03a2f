import { afterEach, expect, it, vi } from 'vitest';
import { mediaTools } from '../../../shared/media/tools.ts';
import { fakeFfmpeg } from '../../media/fake-ffmpeg.ts';
import { scratchFolder } from '../../media/scratch.ts';

const folder = scratchFolder();
afterEach(() => vi.unstubAllEnvs());

// In a file of its own, since fluent-ffmpeg keeps the encoders of the first ffmpeg that a process asks.
it.skipIf(process.platform === 'win32')('an ffmpeg that could not encode a montage is refused', async () => {
  vi.stubEnv('FFMPEG_PATH', await fakeFfmpeg(folder, 'ffmpeg-free', 'libopenh264'));
  await expect(mediaTools()).rejects.toThrow(/ffmpeg-free, an ffmpeg without the encoder libx264/);
});
