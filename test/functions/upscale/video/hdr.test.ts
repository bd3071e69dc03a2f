import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookAtFilm } from '../../../../functions/upscale/video/film.ts';
import { Refusal } from '../../../../shared/refusal.ts';
import { makeClip } from '../../../media/clip.ts';
import { scratchFolder } from '../../../media/scratch.ts';
import { upscaled } from './nearest.ts';
import { said, streamOf } from './shown.ts';

const folder = scratchFolder();
const SMALL = { width: 96, height: 64, seconds: 0.4 };

/** What the first picture says besides itself. */
async function sideData(path: string): Promise<object[]> {
  const show = ['-select_streams', 'v:0', '-read_intervals', '%+#8', '-show_frames'];
  const { frames } = (await said(path, ...show)) as { frames: { side_data_list?: { side_data_type: string }[] }[] };
  const named = ['Mastering display metadata', 'Content light level metadata'];
  return (frames[0]?.side_data_list ?? []).filter(({ side_data_type }) => named.includes(side_data_type));
}

/**
 * Writes into an MP4 whose index is its last box that its pictures are Dolby Vision of a profile, over a picture that
 * others can show (4) or none (0): Dolby Vision Streams Within the ISO Base Media File Format, 2.2.
 */
async function makeDolby(path: string, profile: number, base: 0 | 4): Promise<void> {
  const bytes = await readFile(path);
  const configuration = Buffer.alloc(32);
  configuration.writeUInt32BE(32);
  configuration.write('dvcC', 4, 'latin1');
  // Version 1.0; level 1, with metadata, without a second layer, with a base layer.
  configuration.set([1, 0, profile << 1, (1 << 3) | 0b101, base << 4], 8);
  const entry = bytes.indexOf('hvc1', bytes.indexOf('stsd')) - 4;
  const end = entry + bytes.readUInt32BE(entry);
  for (const name of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'hvc1']) {
    const at = name === 'hvc1' ? entry : bytes.lastIndexOf(name, entry) - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(at) + 32, at);
  }
  await writeFile(path, Buffer.concat([bytes.subarray(0, end), configuration, bytes.subarray(end)]));
}

describe('HDR', () => {
  it('by PQ keeps the screen it was graded on and its brightest light', async () => {
    const screen = 'master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)';
    const tags = 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=error';
    const extra = ['-x265-params', `${tags}:${screen}:max-cll=1000,400`];
    const { path } = await makeClip(folder, { ...SMALL, name: 'hdr10.mp4', hdr: 'pq', extra });
    for (const name of ['hdr10-large.mp4', 'hdr10-large.mkv']) {
      const out = join(folder, name);
      await upscaled(path, out);
      const was = await sideData(path);
      expect(was).toHaveLength(2);
      expect(await sideData(out)).toEqual(was);
      expect(await streamOf(out)).toMatchObject({
        ...{ codec_name: 'hevc', profile: 'Main 10', pix_fmt: 'yuv420p10le', color_range: 'tv' },
        ...{ color_space: 'bt2020nc', color_transfer: 'smpte2084', color_primaries: 'bt2020' },
      });
    }
  });

  it('by PQ of which nothing more is known says nothing more', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'pq.mp4', hdr: 'pq' });
    const out = join(folder, 'pq-large.mp4');
    await upscaled(path, out);
    expect(await sideData(out)).toEqual([]);
    expect(await streamOf(out)).toMatchObject({ color_transfer: 'smpte2084' });
  });

  it('by HLG stays HLG', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'hlg.mp4', hdr: 'hlg' });
    const out = join(folder, 'hlg-large.mov');
    await upscaled(path, out);
    expect(await streamOf(out)).toMatchObject({
      ...{ codec_name: 'hevc', codec_tag_string: 'hvc1', pix_fmt: 'yuv420p10le' },
      ...{ color_space: 'bt2020nc', color_transfer: 'arib-std-b67', color_primaries: 'bt2020' },
    });
  });

  it('by Dolby Vision is taken by the picture that others show, and refused where there is none', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'dolby.mp4', hdr: 'hlg', index: 'end', audio: null });
    await makeDolby(path, 8, 4);
    expect((await lookAtFilm(path, { file: 'dolby.mp4' })).colour.transfer).toBe('arib-std-b67');
    const { path: alone } = await makeClip(folder, {
      ...SMALL,
      name: 'alone.mp4',
      hdr: 'hlg',
      index: 'end',
      audio: null,
    });
    await makeDolby(alone, 5, 0);
    const looking = lookAtFilm(alone, { file: 'alone.mp4' });
    await expect(looking).rejects.toThrow(Refusal);
    await expect(looking).rejects.toThrow('alone.mp4 is Dolby Vision of profile 5');
  });
});
