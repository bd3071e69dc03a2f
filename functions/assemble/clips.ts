import { input } from '../../shared/media/ffmpeg.ts';
import type { Source } from '../../shared/timeline.ts';
import { faded } from './fade.ts';
import { CHANNELS, decoded, SAMPLE_RATE } from './pcm.ts';
import type { Voice } from './voices.ts';

const BLOCK_FRAMES = 16_384;
/** How many cuts are being decoded before they are heard, so that starting ffmpeg keeps nobody waiting. */
const AHEAD = 2;
/** A codec's first samples after a seek are wrong, so it starts this much early and that much is dropped. */
const PREROLL_SECONDS = 0.25;
/** What `atempo` takes in every ffmpeg. */
const SLOWEST_TEMPO = 0.5;

/** A clip's file (path or loopback URL), which of its streams is the sound, and when its first picture is shown on its clock. */
export interface OpenClip {
  input: string;
  soundStream: number;
  firstPictureSeconds: number;
}

/** The sound of all voices together, exactly `samples` long. `open` gives null for a clip without sound. At most the voices that overlap and two more are open at once. */
export async function* clipSound(
  voices: readonly Voice[],
  samples: number,
  open: (source: Source) => Promise<OpenClip | null>,
  signal?: AbortSignal,
): AsyncGenerator<Float32Array> {
  const heard: Playback[] = [];
  let next = 0;
  try {
    for (let at = 0; at < samples; at += BLOCK_FRAMES) {
      const end = Math.min(samples, at + BLOCK_FRAMES);
      while (next < voices.length && ((voices[next] as Voice).at < end || heard.length < AHEAD)) {
        const voice = voices[next++] as Voice;
        const clip = await open(voice.source);
        if (clip) heard.push(new Playback(voice.at, voiceSound(voice, clip, signal)));
      }
      const block = new Float32Array((end - at) * CHANNELS);
      for (const playback of [...heard]) {
        if (await playback.addTo(block, at)) heard.splice(heard.indexOf(playback), 1);
      }
      yield block;
    }
  } finally {
    await Promise.all(heard.map((playback) => playback.close()));
  }
}

function voiceSound(voice: Voice, clip: OpenClip, signal?: AbortSignal): AsyncGenerator<Float32Array> {
  const start = clip.firstPictureSeconds + voice.startSeconds;
  const filters = [
    // Sound that starts late or has holes keeps its place in time.
    `aresample=${SAMPLE_RATE}:async=1:first_pts=0`,
    `atrim=start_sample=${Math.round(PREROLL_SECONDS * SAMPLE_RATE)}`,
    'asetpts=N/SR/TB',
    ...stretched(voice.tempo),
    `atrim=end_sample=${voice.samples}`,
  ];
  const source = input(clip.input, '-seek_timestamp', '1', '-ss', (start - PREROLL_SECONDS).toFixed(6));
  const sound = decoded([...source, '-map', `0:${clip.soundStream}`, '-af', filters.join(',')], signal);
  return faded(sound, voice.fadeInSamples, voice.fadeOutSamples);
}

/** Filters that play sound at `tempo` without changing its pitch. */
function stretched(tempo: number): string[] {
  if (tempo === 1) return [];
  const steps = Math.max(1, Math.ceil(Math.log(tempo) / Math.log(SLOWEST_TEMPO)));
  return Array<string>(steps).fill(`atempo=${tempo ** (1 / steps)}`);
}

/** A sound that is being mixed in from sample `at` on. Its decoding starts at once. */
class Playback {
  readonly #at: number;
  readonly #sound: AsyncGenerator<Float32Array>;
  #coming: Promise<IteratorResult<Float32Array, unknown>>;
  #block: Float32Array = new Float32Array(0);
  #given = 0;

  constructor(at: number, sound: AsyncGenerator<Float32Array>) {
    this.#at = at;
    this.#sound = sound;
    this.#coming = this.#ask();
  }

  /** Adds what falls into `block`, which starts at sample `start`, and says whether that was its last. */
  async addTo(block: Float32Array, start: number): Promise<boolean> {
    const frames = block.length / CHANNELS;
    for (let frame = Math.max(0, this.#at + this.#given - start); frame < frames; ) {
      if (this.#block.length === 0) {
        const { done, value } = await this.#coming;
        if (done) return true;
        this.#block = value as Float32Array;
        this.#coming = this.#ask();
      }
      const taken = Math.min(frames - frame, this.#block.length / CHANNELS) * CHANNELS;
      for (let i = 0, j = frame * CHANNELS; i < taken; i++, j++) {
        block[j] = (block[j] as number) + (this.#block[i] as number);
      }
      this.#block = this.#block.subarray(taken);
      this.#given += taken / CHANNELS;
      frame += taken / CHANNELS;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#coming.catch(() => {});
    await this.#sound.return(undefined);
  }

  #ask(): Promise<IteratorResult<Float32Array, unknown>> {
    const coming = this.#sound.next();
    // It is awaited later; until then a failure isn't an unhandled one.
    coming.catch(() => {});
    return coming;
  }
}
