import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSegment } from '../../../functions/render/segment.ts';
import { ffmpeg } from '../../../shared/media/ffmpeg.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { counterIn, makeCounter } from '../../media/counter.ts';
import { picturesOf } from '../../media/pixels.ts';
import { pieceOf, scratchFolder, specOf, UNTOUCHED } from './spec.ts';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  folder = await scratchFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('rendering a segment', () => {
  it('copes with any name of a file or folder, and tells how many frames are done', async () => {
    const inner = join(folder.path, "it's, [a] 50:50; 100% \\ test = n");
    await mkdir(inner);
    const clip = await makeCounter(inner, { name: "-don't: [ok], 1.mp4", frames: 20, frameRate: '24/1' });
    const grade = { ...UNTOUCHED, look: 'noir' as const, intensity: 1 };
    const told: number[] = [];
    const out = join(inner, 'out.mp4');
    const onProgress = (frames: number) => told.push(frames);
    await renderSegment(specOf(pieceOf(clip, { grade })), async ({ key }) => key, out, { scratch: inner, onProgress });
    expect((await picturesOf(out)).map((picture) => counterIn(picture))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(told.at(-1)).toBe(8);
    // The look, and nothing else, is left in scratch.
    expect((await readdir(inner)).filter((name) => !name.endsWith('.mp4'))).toEqual(['noir-1.cube']);
  });

  it('refuses a source without a picture in a sentence', async () => {
    const sound = join(folder.path, 'sound.m4a');
    await ffmpeg(['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', sound], { timeLimitSeconds: 60 });
    const rendering = renderSegment(
      specOf(pieceOf(sound, { file: 'holiday.m4a' })),
      async ({ key }) => key,
      join(folder.path, 'x.mp4'),
      {
        scratch: folder.path,
      },
    );
    await expect(rendering).rejects.toThrow(Refusal);
    await expect(rendering).rejects.toThrow('holiday.m4a has no picture');
  });

  it('stops when told to, with the reason it was given', async () => {
    const clip = await makeCounter(folder.path, { name: 'long.mp4', frames: 200, frameRate: '24/1' });
    const stop = new AbortController();
    const spec = specOf(pieceOf(clip, { frames: 2000 }), { width: 1280, height: 720, preset: 'slow' });
    const rendering = renderSegment(spec, async ({ key }) => key, join(folder.path, 'stopped.mp4'), {
      scratch: folder.path,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('The job was cancelled')),
    });
    await expect(rendering).rejects.toThrow('The job was cancelled');
  });
});
