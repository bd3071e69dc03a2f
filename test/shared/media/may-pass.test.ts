import { describe, expect, it } from 'vitest';
import { FfmpegError } from '../../../shared/media/ffmpeg.ts';
import { mayPass } from '../../../shared/media/may-pass.ts';

const failed = (...log: string[]) => new FfmpegError(`ffmpeg ended with exit code 1: ${log.at(-1)}`, log);

describe('a failure of ffmpeg', () => {
  it.each([
    'http://127.0.0.1:4242/x: Connection refused',
    'http://127.0.0.1:4242/x: Server returned 5XX Server Error reply',
    '[http @ 0x55d0] HTTP error 503 Service Unavailable',
    'http://127.0.0.1:4242/x: Input/output error',
    'file:x: No such file or directory',
    'Cannot allocate memory',
    'av_interleaved_write_frame(): No space left on device',
  ])('may pass when the machine or the store is to blame: %s', (line) => {
    expect(mayPass(failed('a line before', line))).toBe(true);
  });

  it('may pass when ffmpeg was killed or ran out of time', () => {
    expect(mayPass(new FfmpegError('ffmpeg ended with SIGKILL: it said nothing', []))).toBe(true);
    expect(mayPass(new FfmpegError('ffmpeg was stopped after 540 s', []))).toBe(true);
  });

  it.each([
    'file:x: Invalid data found when processing input',
    'Decoder (codec none) not found for input stream #0:0',
    'file:/films/Connection refused.mp4: Invalid data found when processing input',
  ])('is the file’s own fault when its bytes make no sense: %s', (line) => {
    expect(mayPass(failed(line))).toBe(false);
  });
});
