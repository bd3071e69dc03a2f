import { copyFile, mkdir, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { lookAtFilm } from '../../../../functions/upscale/video/film.ts';
import { picturesOf } from '../../../../functions/upscale/video/pictures-in.ts';
import { FfmpegError, ffmpeg, input } from '../../../../shared/media/ffmpeg.ts';
import { Refusal } from '../../../../shared/refusal.ts';
import { makeClip } from '../../../media/clip.ts';
import { counterIn, makeCounter } from '../../../media/counter.ts';
import { picturesOf as picturesIn } from '../../../media/pixels.ts';
import { scratchFolder } from '../../../media/scratch.ts';
import { nearest, upscaled } from './nearest.ts';
import { mediaProcesses } from './running.ts';

const folder = scratchFolder();
const LIMIT = { timeLimitSeconds: 60 };

/** A folder with a film and nothing else. */
async function withFilm(name: string, options: Partial<Parameters<typeof makeClip>[1]> = {}) {
  const place = join(folder, name);
  await mkdir(place);
  const { path, frames } = await makeClip(place, { name: 'film.mp4', width: 320, height: 180, seconds: 4, ...options });
  return { path, frames, place, out: join(place, 'large.mp4') };
}

/** Fails unless nothing is left of an attempt but the film. */
async function expectNothingLeft(place: string): Promise<void> {
  expect(await readdir(place)).toEqual(['film.mp4']);
  if (process.platform === 'linux') expect(await mediaProcesses()).toEqual([]);
}

describe('ends', () => {
  it('when told to, with the reason it was given, whatever is under way', async () => {
    const { path, place, out } = await withFilm('told');
    for (const at of [1, 5, 30]) {
      const stop = new AbortController();
      let running = 0;
      const onProgress = async ({ frames }: { frames: number }) => {
        if (frames !== at) return;
        running = (await mediaProcesses()).length;
        stop.abort(new Error('Enough'));
      };
      const { signal } = stop;
      await expect(upscaled(path, out, { signal, onProgress, before: () => wait(5) })).rejects.toThrow('Enough');
      if (process.platform === 'linux') expect(running).toBe(2);
      await expectNothingLeft(place);
    }
  });

  it('at once when told to while it is made ready, and closes what is ready too late', async () => {
    const { path, place, out } = await withFilm('unready', { seconds: 0.2 });
    const stop = new AbortController();
    const ready = Promise.withResolvers<ReturnType<typeof nearest>>();
    const open: Parameters<typeof upscaled>[2] & object = {
      open: (format) => {
        late = nearest(format, 2);
        setTimeout(() => stop.abort(new Error('Enough')), 20);
        return ready.promise;
      },
    };
    let late: ReturnType<typeof nearest> | undefined;
    await expect(upscaled(path, out, { signal: stop.signal, ...open })).rejects.toThrow('Enough');
    await expectNothingLeft(place);
    ready.resolve(late as ReturnType<typeof nearest>);
    await wait(20);
    expect(late?.disposed).toBe(true);
  });

  it('at once when told to before it starts', async () => {
    const { path, place, out } = await withFilm('before');
    await expect(upscaled(path, out, { signal: AbortSignal.abort(new Error('Never')) })).rejects.toThrow('Never');
    await expectNothingLeft(place);
  });

  it('with what the upscaler fails of, once those beside it are done', async () => {
    const { path, place, out } = await withFilm('failing');
    let upscaler: ReturnType<typeof nearest> | undefined;
    let done = 0;
    const before = async (n: number) => {
      if (n === 6) throw new Error('The GPU is lost');
      await wait(n === 7 ? 200 : 1);
      done++;
    };
    const open: Parameters<typeof upscaled>[2] & object = {
      open: async (format) => {
        upscaler = nearest(format, 2, { atOnce: 3, before });
        return upscaler;
      },
    };
    await expect(upscaled(path, out, open)).rejects.toThrow('The GPU is lost');
    expect(upscaler?.given.length).toBeGreaterThan(7);
    expect(done).toBe((upscaler?.given.length ?? 0) - 1);
    expect(upscaler?.disposed).toBe(true);
    await expectNothingLeft(place);
  });

  it('with what ffmpeg says where it can’t write, and leaves what was there', async () => {
    const { path, place, out } = await withFilm('unwritten');
    await writeFile(out, 'an earlier one');
    await expect(upscaled(path, out, { coding: { crf: 17, preset: 'unheard-of' } })).rejects.toThrow(FfmpegError);
    expect(await readFile(out, 'utf8')).toBe('an earlier one');
    expect(await readdir(place)).toEqual(['film.mp4', 'large.mp4']);
  });

  it('whole or not at all: the result has its name when it is done', async () => {
    const { path, place, out } = await withFilm('whole', { seconds: 1 });
    const seen = new Set<string>();
    const onProgress = async () => {
      for (const name of await readdir(place)) seen.add(name);
    };
    await upscaled(path, out, { onProgress, before: () => wait(10) });
    expect([...seen].filter((name) => name !== 'film.mp4')).toEqual([expect.stringMatching(/^\.montage-.*\.part$/)]);
    expect(await readdir(place)).toEqual(['film.mp4', 'large.mp4']);
    await expect(upscaled(path, path)).rejects.toThrow('film.mp4 is the source itself: give the result another name');
    const nowhere = join(place, 'nowhere');
    await expect(upscaled(path, join(nowhere, 'large.mp4'))).rejects.toThrow(
      `There is no folder ${nowhere} to put large.mp4 into`,
    );
  });
});

describe('refuses', () => {
  const refused = async (path: string, options: Parameters<typeof upscaled>[2] = {}, name = 'large.mp4') => {
    let opened = false;
    const open = async () => {
      opened = true;
      throw new Error('opened');
    };
    const upscaling = upscaled(path, join(folder, name), { open, ...options });
    const error = await upscaling.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Refusal);
    expect(opened).toBe(false);
    return (error as Refusal).message;
  };

  it.each(['mp4', 'mkv', 'avi'])('%s that is cut off, before any work', async (kind) => {
    const { path: whole } = await makeClip(folder, {
      name: 'whole.mp4',
      seconds: 3,
      width: 160,
      height: 96,
      index: 'start',
    });
    const path = join(folder, `cut.${kind}`);
    await ffmpeg(['-v', 'error', ...input(whole), '-c', 'copy', '-movflags', '+faststart', path], LIMIT);
    expect((await lookAtFilm(path, { file: 'cut' })).format).toMatchObject({ width: 160, height: 96 });
    await truncate(path, Math.floor((await stat(path)).size * 0.7));
    expect(await refused(path)).toBe(
      `cut.${kind} is cut off: it is shorter than it says itself; copy it again from where it came`,
    );
  });

  it('Matroska that doesn’t say how long it is and is cut off, when it gets there', async () => {
    const { path: whole } = await makeClip(folder, { name: 'live.mp4', seconds: 3, width: 160, height: 96 });
    const path = join(folder, 'live.mkv');
    await ffmpeg(['-v', 'error', ...input(whole), '-c', 'copy', '-f', 'matroska', '-live', '1', path], LIMIT);
    await upscaled(path, join(folder, 'live-large.mp4'));
    await truncate(path, Math.floor((await stat(path)).size * 0.7));
    const upscaling = upscaled(path, join(folder, 'live-cut.mp4'));
    await expect(upscaling).rejects.toThrow(Refusal);
    await expect(upscaling).rejects.toThrow(/^live\.mkv is cut off after [12]\.\d s: /);
    expect(await readdir(folder)).not.toContain('live-cut.mp4');
  });

  it('what has no picture, or none that can be decoded', async () => {
    const sound = join(folder, 'sound.m4a');
    await ffmpeg(['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', sound], LIMIT);
    expect(await refused(sound)).toBe('sound.m4a has no picture that could be made larger');
    const { path } = await makeClip(folder, { name: 'broken.mp4', seconds: 1, width: 160, height: 96, audio: null });
    const broken = join(folder, 'broken-2.mp4');
    await copyFile(path, broken);
    const file = await open(broken, 'r+');
    const bytes = await file.readFile();
    const start = bytes.indexOf('mdat') + 4;
    await file.write(Buffer.alloc(bytes.readUInt32BE(start - 8) - 8, 0xff), 0, undefined, start);
    await file.close();
    await expect(upscaled(broken, join(folder, 'large.mp4'))).rejects.toThrow(Refusal);
    await expect(upscaled(broken, join(folder, 'large.mp4'))).rejects.toThrow(/broken-2\.mp4.*(decoded|no video)/);
  });

  it('a place that can’t have the result', async () => {
    const { path, place } = await withFilm('places', { seconds: 0.2 });
    const taken = join(place, 'taken.mp4');
    await mkdir(taken);
    expect(await refused(path, {}, 'places/taken.mp4')).toBe(
      `${taken} is a folder: name the video itself, for example ${taken}/large.mp4`,
    );
    const long = `${'a'.repeat(252)}.mp4`;
    expect(await refused(path, {}, `places/${long}`)).toBe(
      `The name ${long} is too long for a file: give the result a shorter one`,
    );
    const longest = `${'a'.repeat(251)}.mp4`;
    await upscaled(path, join(place, longest));
    expect((await readdir(place)).sort()).toEqual([longest, 'film.mp4', 'taken.mp4'].sort());
  });

  it('what would have a longer side than can be encoded, however small it is', async () => {
    const { path } = await makeClip(folder, { name: 'band.mp4', seconds: 0.2, width: 2100, height: 16 });
    expect(await refused(path, { scale: 8 })).toBe(
      'band.mp4 would become 16800×128: no side may be longer than 16384; make it larger by less, or cut off its ends',
    );
    const { path: longest } = await makeClip(folder, { name: 'longest.mp4', seconds: 0.2, width: 2048, height: 16 });
    await upscaled(longest, join(folder, 'longest-large.mp4'), { scale: 8 });
  });

  it('what would be too large, and results of other kinds', async () => {
    const { path } = await makeClip(folder, { name: 'small.mp4', seconds: 0.2, width: 160, height: 96 });
    expect(await refused(path, { scale: 200 })).toBe(
      'small.mp4 would become 32000×19200: players take no more than 8192×4352',
    );
    expect(await refused(path, {}, 'large.webm')).toBe(
      'large.webm must end in .mp4, .m4v, .mov or .mkv: that is what is made',
    );
  });
});

describe('holds few pictures', () => {
  it('as many under way as are good at once, and gives them on in order', async () => {
    const path = await makeCounter(folder, { name: 'counted.mp4', frames: 40, frameRate: '25/1' });
    const out = join(folder, 'counted-large.mp4');
    // Later ones are done first.
    const { upscaler } = await upscaled(path, out, { atOnce: 3, before: (n) => wait(n % 3 === 0 ? 20 : 1) });
    expect(upscaler.most).toBe(3);
    expect((await picturesIn(out)).map((picture) => counterIn(picture))).toEqual(
      Array.from({ length: 40 }, (_, i) => i),
    );
  });

  it.runIf(process.platform === 'linux')('and decodes no further than they are taken', async () => {
    const { path } = await withFilm('slowly', { width: 640, height: 360, seconds: 4 });
    const film = await lookAtFilm(path, { file: 'film' });
    const each = 640 * 360 * 1.5;
    for await (const { pts } of picturesOf(film)) {
      expect(pts).toBe(0);
      // Long enough to decode all of it, were it not held up.
      await wait(1500);
      const [decoder] = await mediaProcesses();
      const io = await readFile(`/proc/${decoder}/io`, 'utf8');
      const written = Number(/^wchar: (\d+)$/m.exec(io)?.[1]);
      expect(written).toBeGreaterThan(each);
      expect(written).toBeLessThan(4 * each);
      break;
    }
    expect(await mediaProcesses()).toEqual([]);
  });
});
