import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limited } from '../../../functions/assemble/limiter.ts';
import { LoudnessMeter } from '../../../shared/media/loudness.ts';
import { stereo } from './material.ts';

/** `sound` in pieces of `frames` frames. */
async function* pieces(sound: Float32Array, frames: number): AsyncGenerator<Float32Array> {
  for (let i = 0; i < sound.length; i += frames * 2) yield sound.slice(i, i + frames * 2);
}

async function limit(sound: Float32Array, gain: number, ceiling: number, frames = 5000): Promise<Float32Array> {
  const out: number[] = [];
  for await (const block of limited(pieces(sound, frames), gain, ceiling)) for (const sample of block) out.push(sample);
  return Float32Array.from(out);
}

function truePeak(sound: Float32Array): number {
  const meter = new LoudnessMeter(48_000, 2);
  meter.push(sound);
  return 10 ** (meter.truePeakDb() / 20);
}

describe('the limiter', () => {
  it('keeps any sound as long as it was and its true peak within 0.1 dB of the ceiling', async () => {
    const bursts = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 9000 }),
        length: fc.integer({ min: 1, max: 2000 }),
        hertz: fc.integer({ min: 20, max: 16_000 }),
        level: fc.double({ min: 0.01, max: 4, noNaN: true }),
      }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(
        bursts,
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 12_000 }),
        async (all, ceiling, piece) => {
          const sound = new Float32Array(20_000);
          for (const { at, length, hertz, level } of all) {
            for (let n = at; n < Math.min(10_000, at + length); n++)
              sound[2 * n] = level * Math.sin((2 * Math.PI * hertz * n) / 48_000);
          }
          const out = await limit(sound, 1, ceiling, piece);
          expect(out.length).toBe(sound.length);
          expect(truePeak(out)).toBeLessThanOrEqual(ceiling * 1.012);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('leaves sound below the ceiling as it is, sample for sample, but for the gain', async () => {
    const sound = stereo(1, (t, channel) => 0.2 * Math.sin(2 * Math.PI * (300 + channel) * t));
    expect(await limit(sound, 2, 0.9)).toEqual(sound.map((sample) => sample * 2));
  });

  it("is down before a peak, back soon after it, and doesn't move the two sides apart", async () => {
    const sound = stereo(
      1,
      (t, channel) => (channel === 0 && t >= 0.5 && t < 0.51 ? 1.5 : 1) * 0.4 * Math.sin(2 * Math.PI * 200 * t),
    );
    const out = await limit(sound, 1, 0.45);
    const gainAt = (seconds: number, channel: number) => {
      const n = 2 * Math.round((seconds + 1 / 800) * 48_000) + channel;
      return (out[n] as number) / (sound[n] as number);
    };
    expect(gainAt(0.4, 0)).toBe(1);
    expect(gainAt(0.505, 0)).toBeCloseTo(0.75, 2);
    expect(gainAt(0.505, 1)).toBeCloseTo(gainAt(0.505, 0), 5);
    expect(gainAt(0.8, 0)).toBeGreaterThan(0.99);
  });
});
