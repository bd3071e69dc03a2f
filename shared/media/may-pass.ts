import type { FfmpegError } from './ffmpeg.ts';

/** Failures of the machine, the network or the store, as they begin a line or follow the name of what they befell. */
const OF_THE_MACHINE =
  /(?:^|: |\] )(?:No such file|Permission denied|Input\/output error|Connection |Server returned|HTTP error|Operation timed out|Cannot allocate|Could not allocate|No space left|Broken pipe|Too many open files|Resource temporarily|Stream ends prematurely)/im;

/**
 * Whether a failure may pass when the work is tried again: ffmpeg was killed or ran out of time, or its log blames the machine.
 * Anything else that it ends on by itself is the file's own fault.
 */
export function mayPass(error: FfmpegError): boolean {
  return !/^ffmpeg ended with exit code/.test(error.message) || OF_THE_MACHINE.test(error.log.join('\n'));
}
