import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseCutOff } from '../../../../functions/upscale/video/cut-off.ts';
import { Refusal } from '../../../../shared/refusal.ts';
import { scratchFolder } from '../../../media/scratch.ts';

const folder = scratchFolder();

/** What is found out of a file that holds these bytes: null, or what it is refused with. */
async function foundOut(bytes: Uint8Array, container: string): Promise<unknown> {
  const source = join(folder, 'damaged');
  await writeFile(source, bytes);
  return refuseCutOff({ source, file: 'damaged', container }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
}

const EBML = [0x1a, 0x45, 0xdf, 0xa3, 0x80];
/** A Segment that says it has 4 bytes. */
const SEGMENT = [0x18, 0x53, 0x80, 0x67, 0x84];

describe('a file whose head is damaged', () => {
  it('is looked at in a moment: Matroska with zeros before its film', async () => {
    const zeros = new Array<number>(16).fill(0);
    expect(await foundOut(Uint8Array.of(...EBML, ...zeros, ...SEGMENT), 'matroska,webm')).toBeNull();
    expect(await foundOut(Uint8Array.of(...EBML, ...SEGMENT, 1, 2, 3, 4), 'matroska,webm')).toBeNull();
    expect(await foundOut(Uint8Array.of(...EBML, ...SEGMENT, 1, 2, 3), 'matroska,webm')).toBeInstanceOf(Refusal);
  });

  it('is taken as it is, or refused in a sentence, whatever it holds', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(EBML, SEGMENT, [0x18, 0x53, 0x80, 0x67, 0xff], [0], [0xff], [1, 0, 0, 0, 0, 0, 0, 0x10]),
      fc
        .constantFrom(
          'RIFF\x04\0\0\0AVI ',
          '\0\0\0\x08free',
          '\0\0\0\x01mdat\0\0\0\0\0\0\0\x20',
          '\0\0\0\0moov',
          'moof',
        )
        .map((text) => [...Buffer.from(text, 'latin1')]),
    );
    const heads = fc
      .array(piece, { maxLength: 12 })
      .map((pieces) => Uint8Array.from(pieces.flatMap((each) => [...each])));
    await fc.assert(
      fc.asyncProperty(
        heads,
        fc.constantFrom('matroska,webm', 'mov,mp4,m4a,3gp,3g2,mj2', 'avi'),
        async (head, container) => {
          const thrown = await foundOut(head, container);
          if (thrown === null) return;
          expect(thrown).toBeInstanceOf(Refusal);
          expect((thrown as Refusal).message).toMatch(/^damaged is cut off: /);
        },
      ),
      { numRuns: 500 },
    );
  });
});
