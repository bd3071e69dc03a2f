import { mkdir, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ffmpeg } from '../../../shared/media/ffmpeg.ts';
import { probe } from '../../../shared/media/probe.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { makeClip } from '../../media/clip.ts';
import { scratchFolder } from '../../media/scratch.ts';

const folder = scratchFolder();
const look = (path: string) => probe(path, { file: 'holiday.mp4' });
const refusal = async (path: string) => {
  const error = await look(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Refusal);
  return (error as Refusal).message;
};

describe('probe', () => {
  it('tells what a plain clip holds', async () => {
    const { path } = await makeClip(folder, { name: 'plain.mp4', seconds: 1, frameRate: '30000/1001' });
    const found = await look(path);
    expect(found.video).toMatchObject({ codec: 'h264', width: 320, height: 180, rotation: 0, interlaced: false });
    expect(found.video).toMatchObject({ frameRate: '30000/1001', isVariable: false, pixelFormat: 'yuv420p' });
    expect(found.video?.colour).toEqual({ transfer: 'bt709', primaries: 'bt709', space: 'bt709', range: 'limited' });
    expect(found.audio).toMatchObject({ codec: 'aac', channels: 2, layout: 'stereo', sampleRate: 48000 });
    expect(found.durationSeconds).toBeCloseTo(1, 1);
  });

  it('gives the size as shown, after turning and after the shape of pixels', async () => {
    const turned = await makeClip(folder, { name: 'turned.mp4', seconds: 0.4, rotation: 90, audio: null });
    const upsideDown = await makeClip(folder, { name: 'down.mp4', seconds: 0.4, rotation: 180, audio: null });
    const wide = await makeClip(folder, { name: 'wide.mp4', seconds: 0.4, sampleAspect: '4:3', audio: null });
    expect((await look(turned.path)).video).toMatchObject({ width: 180, height: 320, rotation: 90 });
    expect((await look(upsideDown.path)).video).toMatchObject({ width: 320, height: 180, rotation: 180 });
    expect((await look(wide.path)).video).toMatchObject({ width: 427, height: 180, rotation: 0 });
    expect((await look(wide.path)).audio).toBeNull();
  });

  it('knows a variable rate, HDR, 5.1 and a clock that does not start at zero', async () => {
    const dropped = await makeClip(folder, {
      name: 'dropped.mp4',
      seconds: 2,
      keepFrame: (frame) => frame < 25 || frame % 3 === 0,
    });
    const hdr = await makeClip(folder, { name: 'hdr.mp4', seconds: 0.4, hdr: 'pq', audio: { channels: 6 } });
    const late = await makeClip(folder, { name: 'late.mkv', seconds: 1, startSeconds: 100 });
    expect((await look(dropped.path)).video).toMatchObject({ isVariable: true, frameRate: '25/1' });
    expect((await look(hdr.path)).video?.colour.transfer).toBe('smpte2084');
    expect((await look(hdr.path)).audio).toMatchObject({ channels: 6, layout: '5.1' });
    const found = await look(late.path);
    expect(found.video?.startSeconds).toBeCloseTo(100, 1);
    expect(found.durationSeconds).toBeCloseTo(1, 1);
  });

  it('reads transport streams, whose text crashes static builds that convert it with system libraries', async () => {
    const { path } = await makeClip(folder, { name: 'camera.ts', seconds: 0.6 });
    expect((await look(path)).video).toMatchObject({ codec: 'h264', width: 320 });
  });

  it('takes no cover picture for film', async () => {
    const path = join(folder, 'song.mp3');
    const inputs = ['-f', 'lavfi', '-i', 'color=red:s=64x64:d=1', '-f', 'lavfi', '-i', 'sine=d=1'];
    const cover = ['-frames:v', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-disposition:v', 'attached_pic'];
    await ffmpeg([...inputs, ...cover, '-c:a', 'libmp3lame', path], { timeLimitSeconds: 20 });
    const found = await look(path);
    expect(found.video).toBeNull();
    expect(found.audio?.codec).toBe('mp3');
  });

  it('reads files whatever they are called', async () => {
    const { path } = await makeClip(folder, { name: 'plainly.mp4', seconds: 0.4, audio: null });
    await mkdir(join(folder, '-dir: x'));
    for (const name of ['-i \'quoted\' "twice".mp4', 'percent %d:comma,[bracket].mp4', 'line\nbreak;ünï.mp4']) {
      const odd = join(folder, '-dir: x', name);
      await rename(path, odd);
      expect((await look(odd)).video?.width).toBe(320);
      await rename(odd, path);
    }
  });

  it('says what is wrong with a file that can never be used, and what to do', async () => {
    const text = join(folder, 'text.mp4');
    const empty = join(folder, 'empty.mp4');
    await writeFile(text, 'These are notes, not a film.\n'.repeat(40));
    await writeFile(empty, '');
    const cut = await makeClip(folder, { name: 'cut.mp4', seconds: 1, index: 'end', keepBytes: 0.5 });
    expect(await refusal(text)).toMatch(/^holiday\.mp4 holds no video or sound that can be read/);
    expect(await refusal(empty)).toBe('holiday.mp4 is empty (0 bytes): copy it again from where it came');
    expect(await refusal(cut.path)).toMatch(/^holiday\.mp4 has no index, as when a recording or a copy was cut off/);
  });

  it('refuses a playlist that names other files, however it is called', async () => {
    const { path } = await makeClip(folder, { name: 'secret.mp4', seconds: 0.4 });
    const playlist = join(folder, 'playlist.mp4');
    const concat = join(folder, 'script.mp4');
    await writeFile(playlist, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${path}\n#EXT-X-ENDLIST\n`);
    await writeFile(concat, `ffconcat version 1.0\nfile '${path}'\n`);
    expect(await refusal(playlist)).toMatch(/holds no video or sound/);
    expect(await refusal(concat)).toMatch(/holds no video or sound/);
  });

  it('leaves what may pass to be tried again: a missing file, an aborted signal', async () => {
    const { path } = await makeClip(folder, { name: 'fine.mp4', seconds: 0.4 });
    await expect(look(join(folder, 'nowhere.mp4'))).rejects.not.toBeInstanceOf(Refusal);
    const reason = new Error('cancelled');
    await expect(probe(path, { file: 'x', signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await truncate(path, 0);
    expect(await refusal(path)).toMatch(/empty/);
  });
});
