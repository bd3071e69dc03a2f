import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { giveLastPictureTime, lengthened } from '../../../../functions/upscale/video/last-picture.ts';
import { scratchFolder } from '../../../media/scratch.ts';

const folder = scratchFolder();

/** A box of ISO/IEC 14496-12. */
function box(name: string, ...parts: readonly (Buffer | number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(part))));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, content]);
}

const u32 = (...values: number[]) =>
  Buffer.concat(values.map((value) => Buffer.from([24, 16, 8, 0].map((by) => value >>> by))));
const u64 = (value: number) => u32(Math.floor(value / 2 ** 32), value);

interface Made {
  version: 0 | 1;
  last: number;
  mediaDuration: number;
  editDuration: number;
  filmDuration: number;
}

/**
 * The index of a film of sound and three pictures on a clock of 90,000, of which the first is shown half a second late.
 */
function index({ version, last, mediaDuration, editDuration, filmDuration }: Made): Buffer {
  const long = (value: number) => (version === 1 ? u64(value) : u32(value));
  const head = [version, 0, 0, 0];
  const handler = (kind: string) => box('hdlr', u32(0, 0), Buffer.from(kind, 'latin1'), u32(0, 0, 0));
  const sound = box('trak', box('tkhd', head, long(0), long(0), u32(1, 0), long(1500)), box('mdia', handler('soun')));
  const times = box('stbl', box('stts', u32(0, 2, 2, 3003, 1, last)));
  const picture = box(
    'trak',
    box('tkhd', head, long(0), long(0), u32(2, 0), long(500 + editDuration)),
    box(
      'edts',
      box(
        'elst',
        head,
        u32(2),
        long(500),
        long(version === 1 ? 2 ** 40 : 2 ** 32 - 1),
        u32(65536),
        long(editDuration),
        long(0),
        u32(65536),
      ),
    ),
    box(
      'mdia',
      box('mdhd', head, long(0), long(0), u32(90_000), long(mediaDuration), u32(0)),
      handler('vide'),
      box('minf', times),
    ),
  );
  return box('moov', box('mvhd', head, long(0), long(0), u32(1000), long(filmDuration)), sound, picture);
}

describe('the last picture', () => {
  for (const version of [0, 1] as const) {
    const without = { version, last: 0, mediaDuration: 6006, editDuration: 67, filmDuration: 567 };

    it(`is given the time it has, in boxes of version ${version}`, () => {
      const moov = index(without);
      // Shown from 500 ms on for three times 33.4.
      const withIt = { version, last: 3003, mediaDuration: 9009, editDuration: 101, filmDuration: 601 };
      expect(lengthened(moov, { all: 9009, last: 3003 })).toBe(true);
      expect(moov).toEqual(index(withIt));
    });

    it(`leaves a film as long as its sound, in boxes of version ${version}`, () => {
      const moov = index({ ...without, filmDuration: 1500 });
      lengthened(moov, { all: 9009, last: 3003 });
      expect(moov).toEqual(index({ version, last: 3003, mediaDuration: 9009, editDuration: 101, filmDuration: 1500 }));
    });

    it(`is left alone where it has some time, in boxes of version ${version}`, () => {
      const moov = index({ ...without, last: 3000 });
      expect(lengthened(moov, { all: 9009, last: 3003 })).toBe(false);
      expect(moov).toEqual(index({ ...without, last: 3000 }));
    });
  }

  it('is given it in a file, and nothing else there changes', async () => {
    const path = join(folder, 'film.mp4');
    const made = { version: 0, last: 0, mediaDuration: 6006, editDuration: 67, filmDuration: 567 } as const;
    const [before, after] = [box('ftyp', Buffer.from('isom')), box('mdat', Buffer.from('moov, but in a picture'))];
    await writeFile(path, Buffer.concat([before, index(made), after]));
    await giveLastPictureTime(path, { all: 9009, last: 3003 });
    const longer = index({ version: 0, last: 3003, mediaDuration: 9009, editDuration: 101, filmDuration: 601 });
    expect(await readFile(path)).toEqual(Buffer.concat([before, longer, after]));
    await writeFile(path, before);
    await expect(giveLastPictureTime(path, { all: 9009, last: 3003 })).rejects.toThrow('a file without an index');
  });
});
