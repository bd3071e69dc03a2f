import { SONG_RATE, type Stereo } from './instruments.ts';

/** A WAV file's bytes: 16 bits, stereo, rounded to the nearest step. */
export function wavOf(sound: Stereo): Uint8Array {
  const frames = sound.left.length;
  const bytes = Buffer.alloc(44 + frames * 4);
  bytes.write('RIFF', 0, 'ascii');
  bytes.writeUInt32LE(36 + frames * 4, 4);
  bytes.write('WAVEfmt ', 8, 'ascii');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(SONG_RATE, 24);
  bytes.writeUInt32LE(SONG_RATE * 4, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'ascii');
  bytes.writeUInt32LE(frames * 4, 40);
  bytes.set(pcmOf(sound), 44);
  return bytes;
}

/** The samples alone, interleaved and little-endian. */
export function pcmOf(sound: Stereo): Uint8Array {
  const frames = sound.left.length;
  const samples = new Int16Array(frames * 2);
  for (let n = 0; n < frames; n++) {
    samples[2 * n] = Math.round(Math.max(-1, Math.min(1, sound.left[n] as number)) * 32_767);
    samples[2 * n + 1] = Math.round(Math.max(-1, Math.min(1, sound.right[n] as number)) * 32_767);
  }
  return new Uint8Array(samples.buffer);
}
