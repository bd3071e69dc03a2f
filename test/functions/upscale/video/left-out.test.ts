import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, input } from '../../../../shared/media/ffmpeg.ts';
import { makeClip } from '../../../media/clip.ts';
import { scratchFolder } from '../../../media/scratch.ts';
import { upscaled } from './nearest.ts';
import { said, since, timesShown, timesWritten } from './shown.ts';

const folder = scratchFolder();
const LIMIT = { timeLimitSeconds: 60 };
const SUBTITLES = `1
00:00:00,200 --> 00:00:00,600
Anybody there?

2
00:00:01,480 --> 00:00:01,900
No.
`;

let clip: string;
let written: string;
beforeAll(async () => {
  ({ path: clip } = await makeClip(folder, { name: 'clip.mp4', width: 64, height: 48, seconds: 2 }));
  written = join(folder, 'written.srt');
  await writeFile(written, SUBTITLES);
});

/** The clip, without its sound, with subtitles of these kinds, the first in English. */
async function subtitled(name: string, ...codecs: string[]): Promise<string> {
  const path = join(folder, name);
  await ffmpeg(
    [
      ...[
        '-v',
        'error',
        ...input(clip),
        '-f',
        'srt',
        '-i',
        written,
        '-map',
        '0',
        ...codecs.flatMap(() => ['-map', '1']),
      ],
      ...['-c:v', 'copy', ...codecs.flatMap((codec, i) => [`-c:s:${i}`, codec])],
      ...['-metadata:s:s:0', 'language=eng', path],
    ],
    LIMIT,
  );
  return path;
}

interface Subtitles {
  codec: string;
  language: string | undefined;
  /** From when on, since the first picture, and how long: in seconds. */
  shown: [from: number, seconds: number][];
  text: string[];
}

/** All subtitles of a file, those of text as SubRip. */
async function subtitlesOf(path: string): Promise<Subtitles[]> {
  const show = ['-select_streams', 's', '-show_streams'];
  const [first = ''] = await timesWritten(path);
  const { streams } = (await said(path, ...show)) as { streams: { codec_name: string; tags: { language?: string } }[] };
  return Promise.all(
    streams.map(async ({ codec_name: codec, tags }, i) => {
      const srt = join(folder, `read-${i}.srt`);
      await ffmpeg(['-v', 'error', ...input(path), '-map', `0:s:${i}`, '-f', 'srt', srt], LIMIT);
      const packets = ['-select_streams', `s:${i}`, '-show_entries', 'packet=pts_time,duration_time,size'];
      const listed = (await said(path, ...packets)) as {
        packets: { pts_time: string; duration_time: string; size: string }[];
      };
      // MP4 has empty ones between them.
      const full = listed.packets.filter(({ size }) => Number(size) > 2);
      return {
        codec,
        language: tags.language,
        shown: full.map(({ pts_time, duration_time }): [number, number] => [
          hundredths(Number(pts_time) + (since(['0/1'], first)[0] as number)),
          hundredths(Number(duration_time)),
        ]),
        text: (await readFile(srt, 'utf8'))
          .replace(/<[^>]*>/g, '')
          .split('\n')
          .filter((line) => /[a-z]/.test(line)),
      };
    }),
  );
}

const hundredths = (seconds: number) => Math.round(seconds * 100) / 100;

const SHOWN = [
  [0.2, 0.4],
  [1.48, 0.42],
];
const TEXT = ['Anybody there?', 'No.'];

describe('subtitles', () => {
  it('stay as they are in Matroska, all of them, when they were, with their languages', async () => {
    const path = await subtitled('several.mkv', 'subrip', 'ass');
    const out = join(folder, 'several-large.mkv');
    expect((await upscaled(path, out)).leftOut).toEqual([]);
    const [were, are] = [await subtitlesOf(path), await subtitlesOf(out)];
    expect(are).toEqual(were);
    expect(are).toMatchObject([
      { codec: 'subrip', language: 'eng', shown: SHOWN, text: TEXT },
      { codec: 'ass', shown: SHOWN, text: TEXT },
    ]);
    expect(await timesWritten(out)).toEqual(await timesShown(path));
  });

  it.each([
    ['mkv', 'mp4', ['subrip', 'ass'], 'mov_text'],
    ['mkv', 'mov', ['subrip', 'ass'], 'mov_text'],
    ['mp4', 'mp4', ['mov_text'], 'mov_text'],
    ['mp4', 'mkv', ['mov_text'], 'subrip'],
  ])('of text stay text from .%s to .%s', async (from, to, codecs, codec) => {
    const path = await subtitled(`text-${to}.${from}`, ...codecs);
    const out = join(folder, `text-large.${to}`);
    expect((await upscaled(path, out)).leftOut).toEqual([]);
    const all = await subtitlesOf(out);
    expect(all.map((each) => each.codec)).toEqual(codecs.map(() => codec));
    expect(all[0]?.language).toBe('eng');
    for (const { shown, text } of all) {
      expect({ shown, text }).toEqual({ shown: SHOWN, text: TEXT });
    }
  });

  it('that are pictures stay in Matroska, and are said to be left out of MP4 before anything is made ready', async () => {
    const path = join(folder, 'disc.mkv');
    const sup = join(folder, 'disc.sup');
    await writeFile(sup, Buffer.concat([pgs(0.4), pgs(1.2)]));
    await ffmpeg(
      ['-v', 'error', ...input(clip), '-f', 'sup', '-i', sup, '-map', '0', '-map', '1', '-c', 'copy', path],
      LIMIT,
    );
    const told: unknown[] = [];
    const onLeftOut = (what: readonly string[]) => told.push(what);
    const kept = join(folder, 'disc-large.mkv');
    await upscaled(path, kept, { onLeftOut });
    expect(told).toEqual([]);
    const packets = ['-select_streams', 's', '-show_entries', 'packet=pts_time,size'];
    expect(await said(kept, ...packets)).toEqual(await said(path, ...packets));
    const open = () => Promise.reject(new Error('opened'));
    await expect(upscaled(path, join(folder, 'disc-large.mp4'), { onLeftOut, open })).rejects.toThrow('opened');
    expect(told).toEqual([['subtitles that disc.mkv has as hdmv_pgs_subtitle']]);
    const without = join(folder, 'disc-large.mp4');
    await upscaled(path, without);
    expect(await subtitlesOf(without)).toEqual([]);
  });
});

/** A moment of Blu-ray's subtitles in which nothing is shown: a composition without objects, and its end. */
function pgs(seconds: number): Buffer {
  const segment = (type: number, content: readonly number[]) => {
    const head = Buffer.alloc(13);
    head.write('PG');
    head.writeUInt32BE(Math.round(seconds * 90_000), 2);
    head[10] = type;
    head.writeUInt16BE(content.length, 11);
    return Buffer.concat([head, Buffer.from(content)]);
  };
  return Buffer.concat([segment(0x16, [0, 64, 0, 48, 0x10, 0, 0, 0x80, 0, 0, 0]), segment(0x80, [])]);
}

describe('what a larger copy won’t have is told', () => {
  const lost = async (name: string, options: readonly string[], to = 'lost.mkv') => {
    const path = join(folder, name);
    await ffmpeg(['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=32x32:d=0.2', ...options, path], LIMIT);
    return (await upscaled(path, join(folder, to))).leftOut;
  };

  it('of transparency, and of bits beyond ten', async () => {
    expect(await lost('clear.mov', ['-c:v', 'qtrle', '-pix_fmt', 'argb'])).toEqual(['transparency']);
    expect(await lost('clear.webm', ['-c:v', 'libvpx', '-auto-alt-ref', '0', '-pix_fmt', 'yuva420p'])).toEqual([
      'transparency',
    ]);
    expect(await lost('twelve.mkv', ['-c:v', 'ffv1', '-strict', '-2', '-pix_fmt', 'yuv420p12le'])).toEqual([
      'all but 10 of the 12 bits of each sample',
    ]);
    expect(await lost('ten.mkv', ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le'])).toEqual([]);
  });

  it('of attached files and further pictures, and not of the titles of chapters', async () => {
    const attached = ['-attach', written, '-metadata:s:t', 'mimetype=text/plain'];
    expect(await lost('attached.mkv', ['-c:v', 'libx264', '-map', '0', '-map', '0', ...attached])).toEqual([
      'what is neither picture, sound nor subtitles (further pictures, attached files)',
    ]);
    const chapters = join(folder, 'chapters.txt');
    await writeFile(chapters, ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=One\n');
    const coding = ['-f', 'ffmetadata', '-i', chapters, '-map_chapters', '1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
    expect(await lost('chapters.mp4', coding)).toEqual([]);
  });
});
