import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookAtFilm } from '../../../../functions/upscale/video/film.ts';
import { ffmpeg } from '../../../../shared/media/ffmpeg.ts';
import { scratchFolder } from '../../../media/scratch.ts';

const folder = scratchFolder();

describe('a film', () => {
  it('of few pictures beside long sound is known all the same', async () => {
    const path = join(folder, 'two-pictures.mkv');
    const pictures = ['-f', 'lavfi', '-i', 'testsrc2=s=384x216:r=25,trim=end_frame=2'];
    const sound = ['-f', 'lavfi', '-i', 'anoisesrc=d=27'];
    const coded = ['-c:v', 'libx264', '-crf', '0', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
    await ffmpeg(['-v', 'error', ...pictures, ...sound, ...coded, path], { timeLimitSeconds: 60 });
    const film = await lookAtFilm(path, { file: 'two-pictures.mkv' });
    expect(film.format).toMatchObject({ width: 384, height: 216, bits: 8 });
  });
});
