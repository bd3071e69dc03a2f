import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, chromaSize, type PictureFormat } from '../../../../functions/upscale/picture-format.ts';
import { lookAtFilm } from '../../../../functions/upscale/video/film.ts';
import { picturesOf } from '../../../../functions/upscale/video/pictures-in.ts';
import { ffmpeg } from '../../../../shared/media/ffmpeg.ts';
import { Refusal } from '../../../../shared/refusal.ts';
import { makeClip } from '../../../media/clip.ts';
import { scratchFolder } from '../../../media/scratch.ts';
import { apart, decoded } from './decoded.ts';
import { enlargedBytes, samplesOf, upscaled } from './nearest.ts';
import { streamOf, timesShown, timesWritten } from './shown.ts';

const folder = scratchFolder();
const LIMIT = { timeLimitSeconds: 60 };
const SMALL = { width: 96, height: 64, seconds: 0.4 };
/** Almost without loss, and how far from it that is. */
const FINEST = { crf: 1, preset: 'medium' };
const LOSSLESS = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0'];

/** Makes a film of what ffmpeg's filters draw, without loss unless its coding says otherwise. */
async function draw(name: string, filters: string, coding: readonly string[] = LOSSLESS): Promise<string> {
  const path = join(folder, name);
  await ffmpeg(['-v', 'error', '-f', 'lavfi', '-i', filters, '-frames:v', '5', ...coding, path], LIMIT);
  return path;
}

/** The first picture of a film as it is read. */
async function firstPicture(path: string): Promise<{ format: PictureFormat; picture: Uint8Array }> {
  const film = await lookAtFilm(path, { file: 'film' });
  for await (const { picture } of picturesOf(film)) return { format: film.format, picture };
  throw new Error('no picture');
}

/** A picture's planes. */
function planesOf(picture: Uint8Array, format: PictureFormat) {
  const samples = samplesOf(picture, format);
  const [whole, { width, height }] = [format.width * format.height, chromaSize(format)];
  const chroma = width * height;
  return {
    y: samples.subarray(0, whole),
    u: samples.subarray(whole, whole + chroma),
    v: samples.subarray(whole + chroma, whole + 2 * chroma),
    chroma: { width, height },
  };
}

/** All pictures of a file that has the format, each made larger by the nearest neighbour. */
function expected(pictures: Uint8Array, format: PictureFormat, scale: number): Uint8Array {
  const each = bytesOf(format);
  const large = [];
  for (let at = 0; at < pictures.length; at += each)
    large.push(enlargedBytes(new Uint8Array(pictures.subarray(at, at + each)), format, scale));
  return new Uint8Array(Buffer.concat(large));
}

describe('pictures stay what they are', () => {
  for (const [what, options, format, tags] of [
    [
      'in limited range',
      { name: 'limited.mp4' },
      { bits: 8, matrix: 'bt709', range: 'limited' },
      { codec_name: 'h264', profile: 'High', pix_fmt: 'yuv420p', color_range: 'tv' },
    ],
    [
      'in full range',
      { name: 'full.mp4', extra: ['-pix_fmt', 'yuvj420p', '-color_range', 'pc'] },
      { bits: 8, matrix: 'bt709', range: 'full' },
      { codec_name: 'h264', profile: 'High', pix_fmt: 'yuvj420p', color_range: 'pc' },
    ],
    [
      'in ten bits of HDR',
      { name: 'hdr.mp4', hdr: 'pq' },
      { bits: 10, matrix: 'bt2020', range: 'limited' },
      { codec_name: 'hevc', profile: 'Main 10', pix_fmt: 'yuv420p10le', color_range: 'tv', codec_tag_string: 'hvc1' },
    ],
  ] as const)
    it(what, async () => {
      const { path } = await makeClip(folder, { ...SMALL, ...options });
      const out = join(folder, `large-${options.name}`);
      const { from, to } = await upscaled(path, out, { coding: FINEST });
      expect(from).toEqual({ width: 96, height: 64, ...format });
      expect(to).toEqual({ width: 192, height: 128, ...format });
      const [was, is] = [expected(await decoded(path), from, 2), new Uint8Array(await decoded(out))];
      // In ten bits there are four levels for one.
      const step = from.bits === 8 ? 1 : 4;
      const off = apart(samplesOf(is, from), samplesOf(was, from));
      expect(off.length).toBe(0);
      expect(off.most).toBeLessThanOrEqual(5 * step);
      expect(off.mean).toBeLessThan(0.4 * step);
      const [before, after] = [await streamOf(path), await streamOf(out)];
      expect(after).toMatchObject({ ...tags, width: 192, height: 128 });
      for (const tag of ['color_space', 'color_transfer', 'color_primaries']) expect(after[tag]).toBe(before[tag]);
    });

  it('upright where a phone was held upright', async () => {
    for (const rotation of [90, 180, 270] as const) {
      const { path } = await makeClip(folder, { ...SMALL, name: 'phone.mp4', rotation });
      const out = join(folder, 'phone-large.mp4');
      const { from } = await upscaled(path, out, { coding: FINEST });
      const turned = rotation !== 180;
      expect(from).toMatchObject(turned ? { width: 64, height: 96 } : { width: 96, height: 64 });
      const off = apart(await decoded(out), expected(await decoded(path), from, 2));
      expect(off).toMatchObject({ length: 0 });
      expect(off.most).toBeLessThanOrEqual(3);
      const stream = await streamOf(out);
      expect(stream).toMatchObject(turned ? { width: 128, height: 192 } : { width: 192, height: 128 });
      expect(stream.side_data_list).toBeUndefined();
      expect(stream.tags).not.toHaveProperty('rotate');
    }
  });

  it('in square pixels where they were wide', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'wide.mp4', sampleAspect: '4:3' });
    const out = join(folder, 'wide-large.mp4');
    expect((await upscaled(path, out)).from).toMatchObject({ width: 128, height: 64 });
    expect(await streamOf(out)).toMatchObject({ width: 256, height: 128, sample_aspect_ratio: '1:1' });
  });

  it('but for the last column and row of odd sizes', async () => {
    const { path } = await makeClip(folder, { ...SMALL, width: 81, height: 45, name: 'odd.mp4' });
    const out = join(folder, 'odd-large.mp4');
    const { from, to } = await upscaled(path, out, { scale: 3, coding: FINEST });
    expect([from, to]).toMatchObject([
      { width: 81, height: 45 },
      { width: 242, height: 134 },
    ]);
    expect(await streamOf(out)).toMatchObject({ width: 242, height: 134, pix_fmt: 'yuv420p' });
    const [was, is] = [await decoded(path, 'extractplanes=y'), await decoded(out, 'extractplanes=y')];
    const kept = Uint8Array.from(is, (_, i) => {
      const [picture, y, x] = [Math.floor(i / (242 * 134)), Math.floor(i / 242) % 134, i % 242];
      return was[picture * 81 * 45 + Math.floor(y / 3) * 81 + Math.floor(x / 3)] as number;
    });
    expect(is.length).toBe((was.length / (81 * 45)) * 242 * 134);
    expect(apart(is, kept).most).toBeLessThanOrEqual(3);
  });

  it('in ten bits however few they are', async () => {
    for (const [size, codec_name] of [
      [4, 'h264'],
      [8, 'hevc'],
    ] as const) {
      const path = await draw('few.mkv', `testsrc2=s=${size}x${size},format=yuv420p10le`, ['-c:v', 'ffv1']);
      const out = join(folder, 'few-large.mp4');
      await upscaled(path, out);
      expect(await streamOf(out)).toMatchObject({ codec_name, pix_fmt: 'yuv420p10le', width: 2 * size });
    }
  });

  it('of whole frames where a camera made fields, as many as there were', async () => {
    const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '5', '-x264-params', 'tff=1'];
    const drawn = "color=c=black:s=160x96:r=50,format=yuv420p,geq=lum='if(lt(mod(X+N*6,64),32),200,40)':cb=128:cr=128";
    const path = await draw('fields.mp4', `${drawn},tinterlace=interleave_top`, coding);
    expect(['tt', 'tb']).toContain((await streamOf(path)).field_order);
    const out = join(folder, 'fields-large.mp4');
    await upscaled(path, out, { coding: FINEST });
    expect((await timesWritten(out)).length).toBe((await timesShown(path)).length);
    expect(await streamOf(out)).toMatchObject({ field_order: 'progressive', avg_frame_rate: '25/1' });
    expect(teethOf(await decoded(path), 160, 96)).toBeGreaterThan(15);
    expect(teethOf(await decoded(out), 320, 192)).toBeLessThan(3);
  });
});

/**
 * By how much a picture's lines differ from the mean of the lines above and below, on average: a comb's are far from
 * it.
 */
function teethOf(picture: Uint8Array, width: number, height: number): number {
  const at = (x: number, y: number) => picture[y * width + x] as number;
  let sum = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 0; x < width; x++) sum += Math.abs(at(x, y) - (at(x, y - 1) + at(x, y + 1)) / 2);
  return sum / (width * (height - 2));
}

describe('what is stored otherwise becomes 4:2:0', () => {
  it('with chroma where H.264 has it, on the left of two columns and between two rows', async () => {
    const ramps = 'color=black:s=16x16,format=yuv444p,geq=lum=128:cb=X*8+40:cr=Y*8+40';
    const { picture, format } = await firstPicture(await draw('ramps.mp4', ramps));
    const { y, u, v, chroma } = planesOf(picture, format);
    expect(y.every((sample) => sample === 128)).toBe(true);
    for (let at = 1; at < 7; at++) {
      expect(Math.abs((u[3 * chroma.width + at] as number) - (40 + 16 * at))).toBeLessThanOrEqual(1);
      expect(Math.abs((v[at * chroma.width + 3] as number) - (40 + 16 * at + 4))).toBeLessThanOrEqual(1);
    }
  });

  it('from where HDR has its chroma, on the upper left of four', async () => {
    const ramp = 'color=black:s=16x16,format=yuv420p,geq=lum=128:cb=X*16+40:cr=Y*16+40';
    const path = await draw('upper-left.mp4', ramp, [...LOSSLESS, '-x264-params', 'chromaloc=2']);
    expect((await streamOf(path)).chroma_location).toBe('topleft');
    const { picture, format } = await firstPicture(path);
    const { u, v, chroma } = planesOf(picture, format);
    for (let at = 1; at < 7; at++) {
      expect(Math.abs((u[3 * chroma.width + at] as number) - (40 + 16 * at))).toBeLessThanOrEqual(1);
      expect(Math.abs((v[at * chroma.width + 3] as number) - (40 + 16 * at + 4))).toBeLessThanOrEqual(1);
    }
  });

  it('from ten bits of 4:2:2, in ten bits', async () => {
    const ramps = 'color=black:s=32x16,format=yuv422p10le,geq=lum=512:cb=X*16+160:cr=Y*24+160';
    const { picture, format } = await firstPicture(await draw('ten.mov', ramps, ['-c:v', 'ffv1']));
    expect(format).toMatchObject({ bits: 10, range: 'limited' });
    const { y, u, v, chroma } = planesOf(picture, format);
    expect(y.every((sample) => sample === 512)).toBe(true);
    for (let at = 1; at < 7; at++) {
      expect(u[3 * chroma.width + at]).toBe(160 + 16 * at);
      expect(Math.abs((v[at * chroma.width + 3] as number) - (160 + 48 * at + 12))).toBeLessThanOrEqual(2);
    }
  });

  it('from RGB, into what a picture of its size is taken for', async () => {
    for (const [size, matrix, [y, u, v]] of [
      // 219 · 0.299 + 16, …; the same by 0.2126.
      ['64x48', 'bt601', [81, 90, 240]],
      ['1280x720', 'bt709', [63, 102, 240]],
    ] as const) {
      const path = await draw('red.mp4', `color=red:s=${size},format=rgb24`, ['-c:v', 'libx264rgb', '-qp', '0']);
      const { picture, format } = await firstPicture(path);
      expect(format).toMatchObject({ bits: 8, matrix, range: 'limited' });
      const planes = planesOf(picture, format);
      for (const [plane, level] of [
        [planes.y, y],
        [planes.u, u],
        [planes.v, v],
      ] as const)
        expect(Math.abs((plane[plane.length >> 1] as number) - level)).toBeLessThanOrEqual(1);
    }
  });

  it('from grey, without colour', async () => {
    const path = await draw('grey.mp4', 'color=black:s=64x48,format=gray,geq=lum=100', [
      ...LOSSLESS,
      '-pix_fmt',
      'gray',
    ]);
    const { picture, format } = await firstPicture(path);
    const { y, u, v } = planesOf(picture, format);
    expect(u.every((sample) => sample === 128) && v.every((sample) => sample === 128)).toBe(true);
    expect(y[0]).toBe(100);
  });
});

it('says of colours that nothing was said of what they were taken for, since a larger picture would be taken for something else', async () => {
  const path = await draw('unsaid.mp4', 'testsrc2=s=96x64,format=yuv420p');
  expect(await streamOf(path)).not.toHaveProperty('color_space');
  const out = join(folder, 'unsaid-large.mp4');
  expect((await upscaled(path, out, { scale: 4 })).from.matrix).toBe('bt601');
  const tags = { color_space: 'smpte170m', color_transfer: 'smpte170m', color_primaries: 'bt709', color_range: 'tv' };
  expect(await streamOf(out)).toMatchObject(tags);
});

it('refuses colours that nothing here understands', async () => {
  const coding = [...LOSSLESS, '-x264-params', 'colormatrix=YCgCo'];
  const path = await draw('other.mp4', 'testsrc2=s=96x64,format=yuv420p', coding);
  const looking = lookAtFilm(path, { file: 'other.mp4' });
  await expect(looking).rejects.toThrow(Refusal);
  await expect(looking).rejects.toThrow('The colours of other.mp4 are in ycgco, which nothing here understands');
});
