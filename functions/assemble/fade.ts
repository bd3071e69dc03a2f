import { CHANNELS, type Sound } from './pcm.ts';

/**
 * Sound whose first `inFrames` frames rise from silence and whose last `outFrames`, wherever it ends, fall to silence, with
 * equal power: two sounds that fade into each other keep their loudness. A sound shorter than both fades just fades out.
 */
export async function* faded(sound: Sound, inFrames: number, outFrames: number): AsyncGenerator<Float32Array> {
  let position = 0;
  let held = new Float32Array(0);
  for await (const block of sound) {
    const risen = block.slice();
    for (let n = 0; n < risen.length / CHANNELS && position < inFrames; n++, position++) {
      scale(risen, n, Math.sin((Math.PI / 2) * (position / inFrames)));
    }
    const all = new Float32Array(held.length + risen.length);
    all.set(held);
    all.set(risen, held.length);
    // Where it ends isn't known before it does, so as much as fades out is held back.
    const free = Math.max(0, all.length - outFrames * CHANNELS);
    held = all.slice(free);
    if (free > 0) yield all.subarray(0, free);
  }
  const frames = held.length / CHANNELS;
  for (let n = 0; n < frames; n++) scale(held, n, Math.cos((Math.PI / 2) * ((n + 1) / frames)));
  if (frames > 0) yield held;
}

function scale(block: Float32Array, frame: number, gain: number): void {
  for (let i = frame * CHANNELS; i < (frame + 1) * CHANNELS; i++) block[i] = (block[i] as number) * gain;
}
