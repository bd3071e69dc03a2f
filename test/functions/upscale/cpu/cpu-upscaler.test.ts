import { describe, expect, it } from 'vitest';
import { openCpuUpscaler } from '../../../../functions/upscale/cpu/cpu-upscaler.ts';
import { loadModel } from '../../../../functions/upscale/network/models.ts';
import { surroundings } from '../../../../functions/upscale/network/network.ts';
import { bytesOf, chromaSize, enlarged, type PictureFormat } from '../../../../functions/upscale/picture-format.ts';
import { tilesOf } from '../../../../functions/upscale/tiles.ts';
import { upscalePackagesMissing } from '../packages.ts';
import { psnr, rawPicture } from '../raw-picture.ts';

const formatOf = (width: number, height: number, bits: 8 | 10 = 8): PictureFormat => ({
  width,
  height,
  bits,
  matrix: 'bt709',
  range: 'limited',
});

const pixelsOf = ({ bits }: PictureFormat) => (bits === 8 ? 'yuv420p' : 'yuv420p10le');

/** A picture full of detail. */
const detailed = (format: PictureFormat) =>
  rawPicture(`mandelbrot=s=640x360,crop=${format.width}:${format.height}`, pixelsOf(format));

interface Order {
  /** The most pixels that are made at once: all if not said. */
  most?: number;
  threads?: number;
}

/** What becomes of a picture in tiles. */
async function upscaled(picture: Uint8Array, format: PictureFormat, { most, threads = 2 }: Order = {}) {
  const model = await loadModel('slim', 2);
  const around = surroundings(model.network);
  const all = (format.width + 2 * around.margin) * (format.height + 2 * around.margin);
  const tiles = tilesOf({ ...format, ...around, most: most ?? all });
  expect(tiles.length > 1).toBe(most !== undefined);
  await using upscaler = await openCpuUpscaler({ model, format, threads, tiles });
  return await upscaler.upscale(picture);
}

const skipped = upscalePackagesMissing ? ` (skipped: ${upscalePackagesMissing})` : '';

describe.skipIf(upscalePackagesMissing)(`upscaling on the CPU${skipped}`, () => {
  it.each([
    [8, 120, 90],
    [10, 120, 90],
    [8, 131, 77],
  ] as const)(
    'makes of tiles, bit by bit, what it makes of a whole picture: %d bits, %d × %d',
    async (bits, width, height) => {
      const format = formatOf(width, height, bits);
      const picture = await detailed(format);
      const whole = await upscaled(picture, format);
      for (const [most, threads] of [
        [900, 2],
        [2000, 1],
        [5000, 2],
      ] as const) {
        expect(Buffer.compare(await upscaled(picture, format, { most, threads }), whole)).toBe(0);
      }
    },
  );

  it.each([8, 10] as const)('leaves a grey picture as grey as it was: %d bits', async (bits) => {
    const format = formatOf(64, 48, bits);
    const step = 2 ** (bits - 8);
    for (const grey of [60, 126, 200]) {
      const luma = format.width * format.height;
      const samples = bits === 8 ? new Uint8Array(luma * 1.5) : new Uint16Array(luma * 1.5);
      samples.fill(grey * step, 0, luma).fill(128 * step, luma);
      const large = await upscaled(new Uint8Array(samples.buffer), format);
      const there = bits === 8 ? large : new Uint16Array(large.buffer);
      for (const [n, { plane, ...size }] of planesOf(enlarged(format, 2)).entries()) {
        const all = there.subarray(...plane);
        expect(all.length).toBe(size.width * size.height);
        // To its edges and corners, which what a network takes for black around them would darken.
        for (const sample of all) expect(Math.abs(sample - (n === 0 ? grey : 128) * step)).toBeLessThan(3 * step);
      }
    }
  });

  it('leaves everything where it was', async () => {
    const small = formatOf(160, 90);
    const picture = await detailed(small);
    const made = await upscaled(picture, small);
    const filters = 'mandelbrot=s=640x360,crop=160:90,format=yuv420p,scale=320:180:flags=lanczos+accurate_rnd';
    const ordinary = await rawPicture(filters, 'yuv420p');
    for (const { plane, width, height } of planesOf(enlarged(small, 2))) {
      const [there, wanted] = [made, ordinary].map((each) => each.subarray(...plane)) as [Uint8Array, Uint8Array];
      /** Likeness when all is moved by some columns and rows. */
      const moved = (right: number, down: number) =>
        psnr(
          inner(there, { width, height }, { margin: 4, right, down }),
          inner(wanted, { width, height }, { margin: 4 }),
          255,
        );
      expect(moved(0, 0)).toBeGreaterThan(24);
      for (const [right, down] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        expect(moved(0, 0) - moved(right, down)).toBeGreaterThan(1);
      }
    }
  });

  it.each(['smptehdbars', 'sierpinski'])(
    'by thick ×4 is nearer to what was made smaller than by lanczos: %s',
    async (source) => {
      const pattern = `${source}=s=320x180${source === 'sierpinski' ? ':seed=1' : ''},format=yuv420p`;
      const smaller = `${pattern},scale=80:45:flags=bicubic+accurate_rnd`;
      const original = await rawPicture(pattern, 'yuv420p');
      const ordinary = await rawPicture(`${smaller},scale=320:180:flags=lanczos+accurate_rnd`, 'yuv420p');
      await using upscaler = await openCpuUpscaler({ model: await loadModel('thick', 4), format: formatOf(80, 45) });
      const made = await upscaler.upscale(await rawPicture(smaller, 'yuv420p'));
      const luma = (picture: Uint8Array) => picture.subarray(0, 320 * 180);
      const gained = psnr(luma(made), luma(original), 255) - psnr(luma(ordinary), luma(original), 255);
      expect(gained).toBeGreaterThan(0.3);
    },
  );

  it('says what it computes on, and of which pictures it makes which', async () => {
    await using upscaler = await openCpuUpscaler({
      model: await loadModel('slim', 3),
      format: formatOf(10, 7),
      threads: 1,
    });
    expect(upscaler.device).toEqual({ kind: 'CPU', name: 'CPU, 1 thread', precision: 'f32' });
    expect([upscaler.from, upscaler.to]).toEqual([formatOf(10, 7), formatOf(30, 21)]);
    const large = await upscaler.upscale(await detailed(upscaler.from));
    expect(large.length).toBe(bytesOf(upscaler.to));
  });

  it('is asked for several pictures at once, and gives each of them', async () => {
    const format = formatOf(64, 48);
    const pictures = await Promise.all(
      [20, 60, 100].map((x) => rawPicture(`mandelbrot=s=320x180,crop=64:48:${x}:40`, 'yuv420p')),
    );
    const alone: Uint8Array[] = [];
    for (const picture of pictures) alone.push(await upscaled(picture, format));
    await using upscaler = await openCpuUpscaler({ model: await loadModel('slim', 2), format });
    const together = await Promise.all(pictures.map((picture) => upscaler.upscale(picture)));
    expect(together.map((large, n) => Buffer.compare(large, alone[n] as Uint8Array))).toEqual([0, 0, 0]);
    expect(Buffer.compare(together[0] as Uint8Array, together[1] as Uint8Array)).not.toBe(0);
  });

  it('lets other things happen meanwhile', async () => {
    const format = formatOf(320, 180);
    await using upscaler = await openCpuUpscaler({ model: await loadModel('slim', 2), format });
    let turns = 0;
    const clock = setInterval(() => turns++, 1);
    await upscaler.upscale(await detailed(format));
    clearInterval(clock);
    expect(turns).toBeGreaterThan(20);
  });

  it('begins no more of a picture that nobody wants any more, and makes the next one as ever', async () => {
    const format = formatOf(120, 90);
    const model = await loadModel('slim', 2);
    const tiles = tilesOf({ ...format, ...surroundings(model.network), most: 900 });
    await using upscaler = await openCpuUpscaler({ model, format, tiles });
    const picture = await detailed(format);
    const whole = await upscaler.upscale(picture);
    const stop = new AbortController();
    const begun = performance.now();
    const making = upscaler.upscale(picture, stop.signal);
    stop.abort(new Error('Enough'));
    await expect(making).rejects.toThrow('Enough');
    const stopped = performance.now() - begun;
    const again = performance.now();
    expect(Buffer.compare(await upscaler.upscale(picture), whole)).toBe(0);
    expect(stopped).toBeLessThan((performance.now() - again) / 2);
  });

  it('is over once it is closed', async () => {
    const format = formatOf(16, 16);
    const upscaler = await openCpuUpscaler({ model: await loadModel('slim', 2), format });
    await upscaler[Symbol.asyncDispose]();
    await upscaler[Symbol.asyncDispose]();
    await expect(upscaler.upscale(new Uint8Array(bytesOf(format)))).rejects.toThrow(/has ended/);
  });
});

/** Where in a picture's samples its planes are. */
function planesOf(format: PictureFormat): { plane: [number, number]; width: number; height: number }[] {
  const chroma = chromaSize(format);
  const luma = format.width * format.height;
  const each = chroma.width * chroma.height;
  return [
    { plane: [0, luma], width: format.width, height: format.height },
    { plane: [luma, luma + each], ...chroma },
    { plane: [luma + each, luma + 2 * each], ...chroma },
  ];
}

/** A plane without its edge, from some columns and rows further on. */
function inner(
  plane: Uint8Array | Uint16Array,
  { width, height }: { width: number; height: number },
  { margin, right = 0, down = 0 }: { margin: number; right?: number; down?: number },
): number[] {
  const size = { width: width - 2 * margin, height: height - 2 * margin };
  return Array.from({ length: size.width * size.height }, (_, n) => {
    const [x, y] = [n % size.width, Math.floor(n / size.width)];
    return plane[(y + margin + down) * width + x + margin + right] as number;
  });
}
