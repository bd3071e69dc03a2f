import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../../shared/media/probe.ts';
import { makeClip } from '../../media/clip.ts';
import { counterIn, makeCounter } from '../../media/counter.ts';
import { meanOf, type Picture, picturesOf, rgbOf } from '../../media/pixels.ts';
import { BT709, makeFlat, pieceOf, renderedPictures, scratchFolder, specOf } from './spec.ts';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  folder = await scratchFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function firstPicture(
  clip: string,
  size: { width: number; height: number } = { width: 160, height: 96 },
): Promise<Picture> {
  const [picture] = await renderedPictures(folder.path, specOf(pieceOf(clip, { frames: 3 }), size));
  return picture as Picture;
}

describe('the shape of a source', () => {
  it('is turned as its display matrix says, and the segment itself says nothing of turning', async () => {
    for (const rotation of [90, 180, 270] as const) {
      const clip = await makeClip(folder.path, { name: 'turned.mp4', seconds: 1, audio: null, rotation });
      const plain = await makeClip(folder.path, { name: 'plain.mp4', seconds: 1, audio: null });
      const upright = (await picturesOf(plain.path))[0] as Picture;
      const size = rotation === 180 ? { width: 320, height: 180 } : { width: 180, height: 320 };
      const picture = await firstPicture(clip.path, size);
      expect(picture).toMatchObject(size);
      expect((await probe(join(folder.path, 'segment.mp4'), { file: 'segment' })).video?.rotation).toBe(0);
      let off = 0;
      for (let y = 0; y < size.height; y++)
        for (let x = 0; x < size.width; x++) {
          const from = { 90: [y, 179 - x], 180: [319 - x, 179 - y], 270: [319 - y, x] }[rotation] as [number, number];
          off += Math.abs((picture.y[y * size.width + x] ?? 0) - (upright.y[from[1] * 320 + from[0]] ?? 0));
        }
      expect(off / (320 * 180), `${rotation}°`).toBeLessThan(3);
    }
  });

  it('counts pixels that are not square, and odd sizes', async () => {
    const anamorphic = await makeCounter(folder.path, {
      name: 'sar.mp4',
      frames: 8,
      frameRate: '24/1',
      filters: ['setsar=4/3'],
    });
    expect(counterIn(await firstPicture(anamorphic, { width: 320, height: 144 }))).toBe(0);
    const odd = await makeCounter(folder.path, {
      name: 'odd.mkv',
      frames: 8,
      frameRate: '24/1',
      width: 161,
      height: 97,
      coding: ['-c:v', 'ffv1'],
    });
    expect(counterIn(await firstPicture(odd))).toBe(0);
  });

  it('of the frame’s own size is passed on sample by sample, though its aspect is a pixel off', async () => {
    const { path } = await makeClip(folder.path, {
      name: 'same.mp4',
      seconds: 1,
      audio: null,
      sampleAspect: '641:640',
    });
    const source = (await picturesOf(path))[0] as Picture;
    const spec = specOf(pieceOf(path, { frames: 3 }), { width: 320, height: 180, crf: 1 });
    const [picture] = await renderedPictures(folder.path, spec);
    const most = source.y.reduce((so, value, i) => Math.max(so, Math.abs(value - (picture?.y[i] ?? 0))), 0);
    expect(most).toBeLessThan(6);
  });

  it('far from the frame is shown whole over a dark, blurred fill of itself', async () => {
    const clip = await makeCounter(folder.path, {
      name: 'tall.mp4',
      frames: 8,
      frameRate: '24/1',
      width: 96,
      height: 160,
    });
    const picture = await firstPicture(clip, { width: 320, height: 192 });
    const across = 116 / 320;
    expect(counterIn(picture, { left: (1 - across) / 2, right: (1 + across) / 2, top: 0, bottom: 1 })).toBe(0);
    // Nothing sharp in the fill: neighbours hardly differ.
    for (let y = 0; y < 192; y++)
      for (let x = 1; x < 96; x++)
        expect(Math.abs((picture.y[y * 320 + x] ?? 0) - (picture.y[y * 320 + x - 1] ?? 0))).toBeLessThan(12);
  });

  it('leaves the fill half as light as the picture', async () => {
    const clip = await makeFlat(folder.path, 'grey.mp4', [180, 128, 128], { size: '96x160' });
    const picture = await firstPicture(clip, { width: 320, height: 192 });
    expect(Math.abs(meanOf(picture, { left: 0.4, right: 0.6, top: 0, bottom: 1 })[0] - 180)).toBeLessThan(1.5);
    for (const [left, right] of [
      [0, 0.25],
      [0.75, 1],
    ] as const)
      expect(Math.abs(meanOf(picture, { left, right, top: 0, bottom: 1 })[0] - 98)).toBeLessThan(2.5);
  });

  it('is freed of its fields when interlaced', async () => {
    // Upright bars that travel: between two fields they have moved, so the woven lines of a picture don't agree.
    const clip = await makeFlat(folder.path, 'fields.mp4', [16, 128, 128], {
      frames: 20,
      filters: [
        'geq=lum=16+mod(floor((X+N*7)/20)*97\\,220):cb=128:cr=128',
        'tinterlace=interleave_top',
        'setfield=tff',
      ],
      coding: ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', '-flags', '+ildct+ilme', '-x264-params', 'tff=1'],
    });
    const combs = ({ width, y }: Picture) =>
      y.reduce((sum, value, i) => sum + (i < width ? 0 : Math.abs(value - (y[i - width] ?? 0))), 0) / y.length;
    expect(combs((await picturesOf(clip))[4] as Picture)).toBeGreaterThan(20);
    for (const picture of await renderedPictures(folder.path, specOf(pieceOf(clip, { sourceFrame: 4 }))))
      expect(combs(picture)).toBeLessThan(4);
  });
});

describe('the colour of a source', () => {
  const red: [number, number, number] = [200, 40, 40];

  it('comes out the same from BT.601 without tags and from BT.709', async () => {
    const fromRgb = [`geq=r=${red[0]}:g=${red[1]}:b=${red[2]}`];
    for (const matrix of ['bt601', 'bt709'] as const) {
      const size = matrix === 'bt601' ? '640x384' : '1280x768';
      const clip = await makeFlat(folder.path, `${matrix}.mkv`, [0, 0, 0], {
        format: 'yuv420p',
        size,
        frames: 3,
        filters: ['format=gbrp', ...fromRgb, `scale=out_color_matrix=${matrix}:out_range=tv`, 'format=yuv420p'],
        coding: ['-c:v', 'ffv1'],
      });
      const [r, g, b] = rgbOf(meanOf(await firstPicture(clip)));
      for (const [i, value] of [r, g, b].entries()) expect(Math.abs(value - (red[i] ?? 0)), matrix).toBeLessThan(6);
    }
  });

  it('in full range becomes limited', async () => {
    const coding = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-qp',
      '0',
      '-pix_fmt',
      'yuvj420p',
      '-colorspace',
      'bt709',
      '-color_range',
      'pc',
    ];
    for (const [full, limited] of [
      [0, 16],
      [100, 101.9],
      [255, 235],
    ] as const) {
      const clip = await makeFlat(folder.path, 'full.mp4', [full, 128, 128], { format: 'yuvj420p', coding });
      expect(Math.abs(meanOf(await firstPicture(clip))[0] - limited)).toBeLessThan(1.5);
    }
  });

  it('of ten bits keeps its levels', async () => {
    const coding = ['-c:v', 'ffv1', ...BT709];
    const clip = await makeFlat(folder.path, 'deep.mkv', [400, 600, 480], { format: 'yuv420p10le', coding });
    const [y, u, v] = meanOf(await firstPicture(clip));
    expect(Math.abs(y - 100)).toBeLessThan(1);
    expect(Math.abs(u - 150)).toBeLessThan(1);
    expect(Math.abs(v - 120)).toBeLessThan(1);
  });

  // By ITU-R BT.2408: black, an 18 % grey card and paper white in HDR; where they ought to lie, near enough, in BT.709.
  for (const [transfer, levels] of [
    [
      'smpte2084',
      [
        [64, 16, 3],
        [397, 108, 14],
        [572, 205, 16],
        [723, 235, 4],
      ],
    ],
    [
      'arib-std-b67',
      [
        [64, 16, 3],
        [397, 108, 20],
        [721, 205, 20],
        [940, 235, 4],
      ],
    ],
  ] as const)
    it(`in HDR (${transfer}) lands on sane levels, without a cast`, async () => {
      for (const [code, level, tolerance] of levels) {
        const coding = [
          ...['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1'],
          ...['-x265-params', `log-level=error:crf=4:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc`],
          ...['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'],
        ];
        const clip = await makeFlat(folder.path, 'hdr.mp4', [code, 512, 512], {
          format: 'yuv420p10le',
          coding,
          frames: 4,
        });
        const [y, u, v] = meanOf(await firstPicture(clip));
        expect(Math.abs(y - level), `code ${code} became ${y}`).toBeLessThan(tolerance);
        expect(Math.max(Math.abs(u - 128), Math.abs(v - 128))).toBeLessThan(2);
      }
    });
});
