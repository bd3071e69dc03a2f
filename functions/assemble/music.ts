import { input } from '../../shared/media/ffmpeg.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { faded } from './fade.ts';
import { decoded, exactly, SAMPLE_RATE, sampleAt } from './pcm.ts';

/**
 * The music under the montage: from `timeline.music.sourceFrame` on, exactly as long as the picture, faded out where the
 * timeline says so. `source` is a path or a loopback URL. The song is decoded from its start, because a seek in MP3 or Ogg
 * may land some milliseconds off the beat.
 */
export function musicSound(timeline: Timeline, source: string, signal?: AbortSignal): AsyncGenerator<Float32Array> {
  const { frameRate, frames, music } = timeline;
  const start = sampleAt(music.sourceFrame, frameRate);
  const length = sampleAt(frames, frameRate);
  // The clock is the one that beats are counted on: from the file's start, also where its sound starts later.
  const trimmed = `aresample=${SAMPLE_RATE}:async=1:first_pts=0,atrim=start_sample=${start}:end_sample=${start + length}`;
  const played = decoded([...input(source), '-map', '0:a:0', '-af', trimmed], signal);
  const fadeOut = length - sampleAt(frames - Math.min(frames, music.fadeOutFrames), frameRate);
  return faded(exactly(played, length), 0, fadeOut);
}
