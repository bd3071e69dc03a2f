import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FfmpegError, ffmpeg, input, startFfmpeg } from '../../../shared/media/ffmpeg.ts';
import { mediaTools } from '../../../shared/media/tools.ts';
import { makeClip } from '../../media/clip.ts';
import { scratchFolder } from '../../media/scratch.ts';

const folder = scratchFolder();
const endless = ['-re', '-f', 'lavfi', '-i', 'color=red:s=64x64', '-f', 'null', '-'];

describe('ffmpeg', () => {
  it('writes to several pipes at once', async () => {
    const { path } = await makeClip(folder, { name: 'pipes.mp4', seconds: 1 });
    const running = await startFfmpeg(
      [
        ...input(path),
        ...['-map', '0:v', '-vf', 'scale=16:16', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
        ...['-map', '0:a', '-f', 's16le', '-ac', '1', '-ar', '8000', 'pipe:3'],
      ],
      { timeLimitSeconds: 20, extraPipes: 1 },
    );
    const bytesOf = async (stream: AsyncIterable<Buffer> | undefined) => {
      let bytes = 0;
      for await (const chunk of stream ?? []) bytes += chunk.length;
      return bytes;
    };
    const [video, sound] = await Promise.all([bytesOf(running.stdout), bytesOf(running.pipes[0])]);
    await running.ended;
    expect(video).toBe(25 * 16 * 16);
    expect(Math.abs(sound - 16000)).toBeLessThan(800);
  });

  it('is killed at its time limit, and at once when the signal is aborted', async () => {
    await expect(ffmpeg(endless, { timeLimitSeconds: 0.5 })).rejects.toThrow('ffmpeg was stopped after 0.5 s');
    const reason = new Error('no longer wanted');
    const stopping = new AbortController();
    const running = ffmpeg(endless, { timeLimitSeconds: 60, signal: stopping.signal });
    stopping.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  it('says how it ended, with the last lines of its log', async () => {
    const error = await ffmpeg([...input(join(folder, 'nowhere.mp4')), '-f', 'null', '-'], {
      timeLimitSeconds: 20,
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FfmpegError);
    expect((error as FfmpegError).message).toMatch(/ended with exit code (1|254)/);
    expect((error as FfmpegError).log.join()).toMatch(/No such file or directory/);
  });

  it('reads a file as nothing but a file, and our bridge as nothing but HTTP', () => {
    const whitelist = (source: string) => input(source)[input(source).indexOf('-protocol_whitelist') + 1];
    expect(whitelist('/films/http:clip.mp4')).toBe('file');
    expect(whitelist('http://example.org/film.mp4')).toBe('file');
    expect(whitelist('http://127.0.0.1:4242/token/0')).toBe('http,tcp');
  });

  it('opens no network address', async () => {
    const stolen = join(folder, 'stolen.mp4');
    await expect(
      ffmpeg([...input('https://example.org/film.mp4'), stolen], { timeLimitSeconds: 20 }),
    ).rejects.toBeInstanceOf(FfmpegError);
    await expect(stat(stolen)).rejects.toThrow();
  });
});

describe('the tools', () => {
  it('are both there, with the filters that analysis needs', async () => {
    const { ffprobe, version, filters } = await mediaTools();
    expect(version).not.toBe('');
    expect((await stat(ffprobe)).isFile()).toBe(true);
    for (const name of ['scale', 'fps', 'transpose', 'aresample', 'zscale', 'tonemap'])
      expect(filters.has(name), name).toBe(true);
  });
});
