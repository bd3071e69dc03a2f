import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOUR_RATE, PITCH_CLASSES, TIMBRE_BANDS } from '../../../functions/analyze-music/colour.ts';
import { labelSections } from '../../../functions/analyze-music/labels.ts';
import { findSections } from '../../../functions/analyze-music/sections.ts';

/** A song of parts that each have one sound and one energy. */
function songOf(parts: readonly { seconds: number; sound: number; energy: number }[]) {
  const rows = parts.flatMap(({ seconds, sound }) => Array<number>(Math.round(seconds * COLOUR_RATE)).fill(sound));
  return {
    durationSeconds: rows.length / COLOUR_RATE,
    colour: {
      timbre: Float32Array.from(
        rows.flatMap((sound) => Array.from({ length: TIMBRE_BANDS }, (_, n) => 2 + sound * (n % 3))),
      ),
      chroma: Float32Array.from(
        rows.flatMap(() => Array.from({ length: 2 * PITCH_CLASSES }, (_, n) => (n % 12 ? 0 : 1))),
      ),
    },
    energy: parts.flatMap(({ seconds, energy }) => Array<number>(Math.round(seconds * 10)).fill(energy)),
  };
}

const barsOf = (seconds: number) => Array.from({ length: Math.ceil(seconds / 2) }, (_, n) => n * 2);

describe('sections', () => {
  it('begin where the sound changes, on a downbeat', () => {
    const song = songOf([
      { seconds: 16, sound: 0, energy: 0.4 },
      { seconds: 24, sound: 1, energy: 1 },
      { seconds: 12, sound: 0.2, energy: 0.3 },
    ]);
    const found = findSections(song.durationSeconds, barsOf(song.durationSeconds), song.colour, song.energy);
    expect(found.map(({ start }) => start)).toEqual([0, 16, 40]);
    expect(labelSections(found, song.energy)).toEqual(['intro', 'drop', 'outro']);
  });

  it('follow one another from 0 to the end, whatever the song', () => {
    const part = fc.record({
      seconds: fc.integer({ min: 1, max: 30 }),
      sound: fc.double({ min: 0, max: 2, noNaN: true }),
      energy: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.boolean(), (parts, hasBars) => {
        const song = songOf(parts);
        const bars = hasBars ? barsOf(song.durationSeconds) : [];
        const found = findSections(song.durationSeconds, bars, song.colour, song.energy);
        expect(found[0]?.start).toBe(0);
        expect(found.at(-1)?.end).toBe(song.durationSeconds);
        for (const [n, section] of found.entries()) {
          expect(section.end).toBeGreaterThan(section.start);
          if (n > 0) expect(section.start).toBe(found[n - 1]?.end);
        }
        expect(labelSections(found, song.energy)).toHaveLength(found.length);
      }),
      { numRuns: 60 },
    );
  });

  it('are a single verse where nothing changes', () => {
    const song = songOf([{ seconds: 40, sound: 1, energy: 0.8 }]);
    const found = findSections(song.durationSeconds, barsOf(40), song.colour, song.energy);
    expect(found).toHaveLength(1);
    expect(labelSections(found, song.energy)).toEqual(['verse']);
  });

  it('that climb into a drop are a build, and a quiet one between drops is a break', () => {
    const climb = Array.from({ length: 80 }, (_, n) => 0.4 + (0.4 * n) / 80);
    const energy = [...Array<number>(80).fill(0.4), ...climb, ...Array<number>(80).fill(1)];
    energy.push(...Array<number>(80).fill(0.4), ...Array<number>(80).fill(1));
    const sections = [0.4, 0.6, 1, 0.4, 1].map((level, n) => ({ start: n * 8, end: n * 8 + 8, energy: level }));
    expect(labelSections(sections, energy)).toEqual(['intro', 'build', 'drop', 'break', 'drop']);
  });
});
