import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Boundary } from '../../../functions/analyze-footage/boundary.ts';
import { analyseFootage } from '../../../functions/analyze-footage/footage.ts';
import { shotsBetween } from '../../../functions/analyze-footage/shots.ts';
import type { FootageAnalysis } from '../../../shared/analysis.ts';
import { type Clip, makeClip, type Scene } from '../../media/clip.ts';
import { scratchFolder } from '../../media/scratch.ts';

const folder = scratchFolder();
let made = 0;

async function shotsOf(scenes: readonly Scene[]): Promise<{ clip: Clip; shots: FootageAnalysis['shots'] }> {
  const clip = await makeClip(folder, { name: `${made++}.mp4`, scenes, audio: null });
  const result = await analyseFootage(clip.path);
  if (result.kind !== 'footage') throw new Error(result.reason);
  return { clip, shots: result.shots };
}
const startsOf = (shots: FootageAnalysis['shots']) =>
  shots.slice(1).map(({ startFrame, opens }) => [startFrame, opens]);

describe('hard cuts', () => {
  it('are found on their exact frames, in shots of half a second as in longer ones', async () => {
    const lengths = [40, 12, 25, 13, 33, 20, 17];
    const { clip, shots } = await shotsOf(lengths.map((frames, i) => ({ frames, seed: i + 1 })));
    expect(startsOf(shots)).toEqual(clip.boundaries.map(({ frame }) => [frame, 'cut']));
    expect(shots.at(-1)?.endFrame).toBe(clip.frames);
  });

  it('are found between moving, shaking, dark, noisy and blurred pictures', async () => {
    const { clip, shots } = await shotsOf([
      { frames: 30, seed: 11, pan: [0.02, 0] },
      { frames: 30, seed: 12, shake: 0.03 },
      { frames: 30, seed: 13, gain: () => 0.2 },
      { frames: 30, seed: 14, noise: 12 },
      { frames: 30, seed: 15, blur: 9 },
      { frames: 30, seed: 16, pan: [-0.03, 0.01] },
    ]);
    expect(startsOf(shots)).toEqual(clip.boundaries.map(({ frame }) => [frame, 'cut']));
  });

  it('are found where each picture is shown twice, as in 12.5 pictures a second in 25', async () => {
    const { clip, shots } = await shotsOf([
      { frames: 40, seed: 21, held: 2, pan: [0.01, 0] },
      { frames: 40, seed: 22, held: 2, pan: [0.015, 0] },
    ]);
    expect(startsOf(shots)).toEqual([[clip.boundaries[0]?.frame, 'cut']]);
  });
});

describe('one take stays one shot', () => {
  const takes: Record<string, Scene> = {
    'that is still': { frames: 60, seed: 31, still: true },
    'with flashes of one to three frames': { frames: 75, seed: 32, flashes: [10, 25, 26, 44, 45, 46] },
    'with a fast pan that starts and stops': { frames: 60, seed: 33, pan: [0.06, 0] },
    'that shakes by an eighth of its width': { frames: 60, seed: 34, shake: 0.06 },
    'whose light is switched off and on': {
      frames: 60,
      seed: 35,
      gain: (frame) => (frame < 20 || frame > 40 ? 1 : 0.45),
    },
    'whose light swells slowly': { frames: 75, seed: 36, gain: (frame) => 0.6 + 0.4 * Math.sin(frame / 12) },
    'full of noise': { frames: 60, seed: 37, noise: 25 },
    'that comes out of black and goes into it': { frames: 75, seed: 38, fadeIn: 20, fadeOut: 20 },
  };
  it.each(Object.entries(takes))('%s', async (_, take) => {
    expect(startsOf((await shotsOf([take])).shots)).toEqual([]);
  });
});

describe('gradual changes', () => {
  it('of a fifth of a second to over one are found in their middle', async () => {
    const { clip, shots } = await shotsOf([
      { frames: 40, seed: 41 },
      { frames: 50, seed: 42, dissolve: 6 },
      { frames: 60, seed: 43, dissolve: 16 },
      { frames: 75, seed: 44, dissolve: 32 },
    ]);
    expect(shots.slice(1).map(({ opens }) => opens)).toEqual(['gradual', 'gradual', 'gradual']);
    for (const [i, { frame }] of clip.boundaries.entries())
      expect(Math.abs((shots[i + 1]?.startFrame ?? 0) - frame)).toBeLessThanOrEqual(3);
  });

  it('through black are one boundary, within the black', async () => {
    const { shots } = await shotsOf([
      { frames: 45, seed: 51, fadeOut: 12 },
      { frames: 45, seed: 52, fadeIn: 12 },
    ]);
    expect(shots.map(({ opens }) => opens)).toEqual(['start', 'gradual']);
    expect(Math.abs((shots[1]?.startFrame ?? 0) - 45)).toBeLessThanOrEqual(3);
  });

  it("leave a shot's measures to the frames that show only it", async () => {
    const alone = await shotsOf([{ frames: 40, seed: 61, still: true }]);
    const mixed = await shotsOf([
      { frames: 40, seed: 61, still: true },
      { frames: 60, seed: 62, still: true, dissolve: 20 },
    ]);
    for (const axis of [0, 1, 2] as const)
      expect(mixed.shots[0]?.colour[axis]).toBeCloseTo(alone.shots[0]?.colour[axis] ?? Number.NaN, -0.5);
    expect(mixed.shots[0]?.motion).toBeLessThan(0.05);
  });
});

describe('shotsBetween', () => {
  it('covers every frame once, whatever the boundaries', () => {
    const boundary = fc.record({ frame: fc.nat(220), half: fc.nat(20), opens: fc.constantFrom('cut', 'gradual') });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(boundary), (frames, drawn) => {
        const boundaries: Boundary[] = drawn
          .sort((a, b) => a.frame - b.frame)
          .map(({ frame, half, opens }) => {
            const reach = opens === 'cut' ? 0 : half;
            return { frame, opens: opens === 'cut' ? 'cut' : 'gradual', first: frame - reach, last: frame + reach };
          });
        const shots = shotsBetween(boundaries, frames);
        expect(shots[0]?.startFrame).toBe(0);
        expect(shots.at(-1)?.endFrame).toBe(frames);
        for (const [i, shot] of shots.entries()) {
          expect(shot.endFrame).toBeGreaterThan(shot.startFrame);
          expect(shots[i + 1]?.startFrame ?? frames).toBe(shot.endFrame);
          expect(shot.cleanStart).toBeGreaterThanOrEqual(shot.startFrame);
          expect(shot.cleanEnd).toBeGreaterThan(shot.cleanStart);
          expect(shot.cleanEnd).toBeLessThanOrEqual(shot.endFrame);
        }
      }),
    );
  });
});
