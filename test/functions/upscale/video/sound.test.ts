import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ffmpeg, input, startFfmpeg } from '../../../../shared/media/ffmpeg.ts';
import { Refusal } from '../../../../shared/refusal.ts';
import { makeClip } from '../../../media/clip.ts';
import { scratchFolder } from '../../../media/scratch.ts';
import { upscaled } from './nearest.ts';
import { said, since, streamOf, timesWritten } from './shown.ts';

const folder = scratchFolder();
const LIMIT = { timeLimitSeconds: 60 };
const SMALL = { width: 64, height: 48, seconds: 1 };

/** SHA-256 of all packets of one of a file's sounds, as they are. */
async function hashOf(path: string, sound = 0): Promise<string> {
  const args = ['-v', 'error', ...input(path), '-map', `0:a:${sound}`, '-c', 'copy', '-f', 'hash', 'pipe:1'];
  const running = await startFfmpeg(args, LIMIT);
  const [hash] = await Promise.all([text(running.stdout), running.ended]);
  expect(hash).toMatch(/^SHA256=[0-9a-f]{64}\n$/);
  return hash;
}

describe('sound', () => {
  it('is copied bit by bit, all of it, in its own time, with chapters and titles', async () => {
    const { path: picture } = await makeClip(folder, { ...SMALL, name: 'picture.mp4', pictureDelaySeconds: 0.2 });
    const chapters = join(folder, 'chapters.txt');
    const chapter = (from: number, to: number, title: string) =>
      `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${from}\nEND=${to}\ntitle=${title}\n`;
    await writeFile(
      chapters,
      `;FFMETADATA1\ntitle=Two\\; voices\n${chapter(0, 400, 'One')}${chapter(400, 1000, 'Two')}`,
    );
    const path = join(folder, 'voices.mp4');
    await ffmpeg(
      [
        ...[
          '-v',
          'error',
          ...input(picture),
          '-f',
          'lavfi',
          '-i',
          'sine=f=300:d=1.3',
          '-f',
          'ffmetadata',
          '-i',
          chapters,
        ],
        ...['-map', '0:v', '-map', '0:a', '-map', '1:a', '-map_metadata', '2', '-map_chapters', '2', '-c:v', 'copy'],
        ...['-c:a:0', 'copy', '-c:a:1', 'ac3', '-metadata:s:a:0', 'language=deu', '-metadata:s:a:1', 'language=fra'],
        ...['-metadata', 'creation_time=2021-05-06T07:08:09Z', '-metadata', 'comment=kept', path],
      ],
      LIMIT,
    );
    const about = async (of: string) => {
      const show = ['-show_chapters', '-show_format', '-show_streams', '-select_streams', 'a'];
      const all = (await said(of, ...show)) as {
        chapters: { start_time: string; end_time: string; tags: object }[];
        format: { tags: Record<string, string> };
        streams: { codec_name: string; tags: Record<string, string> }[];
      };
      const { title, comment, creation_time } = all.format.tags;
      return {
        chapters: all.chapters.map(({ start_time, end_time, tags }) => ({ start_time, end_time, tags })),
        tags: { title, comment, creation_time },
        sound: all.streams.map(({ codec_name, tags }) => [codec_name, tags.language]),
      };
    };
    expect(await about(path)).toMatchObject({
      chapters: [{ tags: { title: 'One' } }, { tags: { title: 'Two' } }],
      tags: { title: 'Two; voices', comment: 'kept', creation_time: '2021-05-06T07:08:09.000000Z' },
      sound: [
        ['aac', 'deu'],
        ['ac3', 'fra'],
      ],
    });
    const out = join(folder, 'voices-large.mp4');
    await upscaled(path, out);
    expect(await about(out)).toEqual(await about(path));
    for (const sound of [0, 1]) expect(await hashOf(out, sound)).toBe(await hashOf(path, sound));
    expect(await timesWritten(out, 'a')).toEqual(await timesWritten(path, 'a'));
    expect((await timesWritten(out))[0]).toBe('1/5');
  });

  it('keeps its distance from the picture in Matroska, too', async () => {
    const { path } = await makeClip(folder, { ...SMALL, name: 'distance.mp4', pictureDelaySeconds: 0.2 });
    const out = join(folder, 'distance-large.mkv');
    await upscaled(path, out);
    expect(await hashOf(out)).toBe(await hashOf(path));
    // Its first packet is counted out in MP4 alone: it only makes the decoder ready.
    const distance = async (of: string) => {
      const [[picture = ''], sound] = [await timesWritten(of), await timesWritten(of, 'a')];
      return since(sound, picture).at(-1) as number;
    };
    expect(await distance(path)).toBeGreaterThan(0.5);
    expect(Math.abs((await distance(out)) - (await distance(path)))).toBeLessThan(0.002);
  });

  it('that MP4 can’t hold as it is is told of before anything is computed, and goes into what can', async () => {
    const path = join(folder, 'camera.mkv');
    const { path: picture } = await makeClip(folder, { ...SMALL, name: 'silent.mp4', audio: null });
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1', '-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'wmav2'];
    await ffmpeg(['-v', 'error', ...input(picture), ...sound, path], LIMIT);
    let opened = false;
    const open = () => {
      opened = true;
      throw new Error('too early');
    };
    const into = (name: string) => upscaled(path, join(folder, name), name.endsWith('.mp4') ? { open } : {});
    await expect(into('camera-large.mp4')).rejects.toThrow(Refusal);
    await expect(into('camera-large.mp4')).rejects.toThrow(
      "MP4 can't hold the sound of camera.mkv as it is (wmav2): let the name of the result end in .mkv",
    );
    expect(opened).toBe(false);
    for (const name of ['camera-large.mov', 'camera-large.mkv']) {
      await into(name);
      expect(await hashOf(join(folder, name))).toBe(await hashOf(path));
    }
  });

  it('needn’t be there', async () => {
    const { path, frames } = await makeClip(folder, { ...SMALL, name: 'still.mp4', audio: null });
    const out = join(folder, 'still-large.mp4');
    expect((await upscaled(path, out)).frames).toBe(frames);
    expect(await streamOf(out, 'a')).toBeUndefined();
  });

  it('of what a phone says of itself', async () => {
    const place = 'com.apple.quicktime.location.ISO6709=+48.2082+016.3738/';
    const extra = [
      '-movflags',
      'use_metadata_tags',
      '-metadata',
      place,
      '-metadata',
      'com.apple.quicktime.model=A phone',
    ];
    const { path } = await makeClip(folder, { ...SMALL, name: 'phone.mov', extra });
    const out = join(folder, 'phone-large.mp4');
    await upscaled(path, out);
    const { format } = (await said(out, '-show_format')) as { format: { tags: Record<string, string> } };
    expect(format.tags).toMatchObject({
      'com.apple.quicktime.location.ISO6709': '+48.2082+016.3738/',
      'com.apple.quicktime.model': 'A phone',
    });
  });
});
