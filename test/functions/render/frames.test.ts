import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framesPerSecond } from '../../../shared/frame-rate.ts';
import { counterIn, makeCounter } from '../../media/counter.ts';
import { pieceOf, renderedPictures, scratchFolder, specOf } from './spec.ts';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  folder = await scratchFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const LONG_GOP = [
  '-c:v',
  'libx264',
  '-preset',
  'fast',
  '-crf',
  '20',
  '-g',
  '1000',
  '-keyint_min',
  '1000',
  '-sc_threshold',
  '0',
];

/** What the pictures of a piece must show: of every picture the nearest frame, the last one where several meet. */
function expected(frames: number, start: number, clipRate: string, rate: string, last: number): number[] {
  // Whole numbers up to the one division: a picture may fall between two frames exactly.
  const [clipPer = 1, clipIn = 1] = clipRate.split('/').map(Number);
  const [per = 1, within = 1] = rate.split('/').map(Number);
  const placeOf = (picture: number) => Math.round((picture * per * clipIn) / (within * clipPer));
  return Array.from({ length: frames }, (_, frame) => {
    let shown = 0;
    while (shown < last && placeOf(shown + 1) <= start + frame) shown++;
    return shown;
  });
}

describe('every frame of a segment shows the picture it names', () => {
  for (const [clipRate, rate] of [
    ['24/1', '24/1'],
    ['24/1', '25/1'],
    ['25/1', '24/1'],
    ['25/2', '24/1'],
    ['30000/1001', '24/1'],
    ['60000/1001', '25/1'],
    ['24000/1001', '30000/1001'],
  ] as const)
    it(`from a clip of ${clipRate} into ${rate}: first, middle and last`, async () => {
      const frames = Math.round(6 * framesPerSecond(clipRate));
      const clip = await makeCounter(folder.path, { name: 'clip.mp4', frames, frameRate: clipRate, coding: LONG_GOP });
      const length = Math.round(6 * framesPerSecond(rate));
      for (const start of [0, Math.floor(length / 2) + 5, length - 8]) {
        const spec = specOf(pieceOf(clip, { sourceFrame: start }), { frameRate: rate });
        const shown = (await renderedPictures(folder.path, spec)).map((picture) => counterIn(picture));
        expect(shown, `from frame ${start}`).toEqual(expected(8, start, clipRate, rate, frames - 1));
      }
    });

  for (const [what, name, filters, coding] of [
    ['Matroska, whose clock ticks milliseconds', 'a.mkv', [], LONG_GOP],
    ['MPEG-TS, which starts at 1.4 s and enters anywhere', 'a.ts', [], LONG_GOP],
    ['MP4 that starts at 5 s', 'a.mp4', [], [...LONG_GOP, '-output_ts_offset', '5']],
    ['MP4 in fragments', 'a.mp4', [], [...LONG_GOP, '-movflags', 'frag_keyframe+empty_moov']],
    [
      'HEVC with open GOPs',
      'a.mp4',
      [],
      [
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'open-gop=1:keyint=20:bframes=3:log-level=error',
        '-tag:v',
        'hvc1',
      ],
    ],
    ['MPEG-2 with open GOPs', 'a.mpg', [], ['-c:v', 'mpeg2video', '-q:v', '2', '-g', '12', '-bf', '2']],
    [
      'VP8 in WebM',
      'a.webm',
      [],
      ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M', '-g', '200'],
    ],
    ['Motion JPEG in AVI', 'a.avi', [], ['-c:v', 'mjpeg', '-q:v', '3']],
  ] as const)
    it(`of ${what}`, async () => {
      const clip = await makeCounter(folder.path, { name, frames: 200, frameRate: '25/1', filters, coding });
      for (const start of [0, 133, 192]) {
        const spec = specOf(pieceOf(clip, { sourceFrame: start }), { frameRate: '25/1' });
        const shown = (await renderedPictures(folder.path, spec)).map((picture) => counterIn(picture));
        expect(shown, `from frame ${start}`).toEqual(Array.from({ length: 8 }, (_, i) => start + i));
      }
    });

  it('of a clip of variable rate: the latest picture at the nominal rate, as analysis counts it', async () => {
    const gone = [31, 32, 33, 60, 75, 76];
    const select = `select='not(${gone.map((frame) => `eq(n\\,${frame})`).join('+')})'`;
    const clip = await makeCounter(folder.path, { name: 'vfr.mp4', frames: 150, frameRate: '30/1', filters: [select] });
    for (const start of [28, 58, 120]) {
      const spec = specOf(pieceOf(clip, { sourceFrame: start }), { frameRate: '30/1' });
      const latest = Array.from({ length: 8 }, (_, i) => {
        let frame = start + i;
        while (gone.includes(frame)) frame--;
        return frame;
      });
      expect((await renderedPictures(folder.path, spec)).map((picture) => counterIn(picture))).toEqual(latest);
    }
  });

  it('in slow motion: evenly from start to end, with the pictures between that a faster clip has', async () => {
    for (const [clipRate, sourceFrames, shown] of [
      ['24/1', 4, [50, 50, 51, 51, 52, 52, 53, 53]],
      ['48/1', 4, [100, 101, 102, 103, 104, 105, 106, 107]],
      ['24/1', 6, [50, 51, 51, 52, 53, 54, 54, 55]],
    ] as const) {
      const clip = await makeCounter(folder.path, { name: 'slow.mp4', frames: 120, frameRate: clipRate });
      const spec = specOf(pieceOf(clip, { sourceFrame: 50, sourceFrames, frames: 8 }));
      expect((await renderedPictures(folder.path, spec)).map((picture) => counterIn(picture))).toEqual(shown);
    }
  });

  it('of a clip that ends before the plan thought: its last picture is held', async () => {
    const clip = await makeCounter(folder.path, {
      name: 'short.mp4',
      frames: 100,
      frameRate: '24/1',
      coding: LONG_GOP,
    });
    for (const [start, shown] of [
      [97, [97, 98, 99, 99, 99, 99, 99, 99]],
      [130, [99, 99, 99, 99, 99, 99, 99, 99]],
    ] as const) {
      const spec = specOf(pieceOf(clip, { sourceFrame: start }));
      expect((await renderedPictures(folder.path, spec)).map((picture) => counterIn(picture))).toEqual(shown);
    }
  });
});
