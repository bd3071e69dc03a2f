import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTimeline } from '../../../functions/plan/plan.ts';
import { framesPerSecond } from '../../../shared/frame-rate.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { builtInStyles } from '../../../shared/styles/built-in.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { footage, planInputs, song, variedClips, wholeSong } from './analyses.ts';
import { mean, readsOutsideShots, repeatedMoments, sameClipNeighbours } from './timeline-facts.ts';

const slowest = (timeline: Timeline) => Math.min(...timeline.cuts.map((cut) => cut.sourceFrames / cut.frames));
const clipsUsed = (timeline: Timeline) => new Set(timeline.cuts.map((cut) => cut.source)).size;

describe('a plan from plenty of footage', () => {
  const inputs = planInputs({ clips: variedClips(20), music: wholeSong() });
  const timeline = planTimeline(inputs);

  it('lasts as long as the music, to the frame, and plays it from its start without a fade', () => {
    expect(timeline.frames).toBe(64 * 25);
    expect(timeline.music).toMatchObject({ sourceFrame: 0, fadeOutFrames: 0 });
  });

  it('plays every clip at its own speed', () => {
    expect(timeline.cuts.every((cut) => cut.sourceFrames === cut.frames)).toBe(true);
  });

  it('cuts on beats, never more than half a frame off', () => {
    for (const cut of timeline.cuts) {
      expect(cut.beat).not.toBeNull();
      expect(cut.beat?.errorFrames).toBeLessThanOrEqual(0.5);
      expect(Math.abs((cut.beat?.time ?? 0) * 25 - cut.frame)).toBeLessThanOrEqual(0.5);
    }
  });

  it('cuts where sections start', () => {
    const starts = timeline.markers.map(({ frame }) => frame);
    const cuts = timeline.cuts.map(({ frame }) => frame);
    expect(starts.filter((start) => cuts.includes(start))).toEqual(starts);
  });

  it('shows every clip once before any twice, and never two neighbours of one clip', () => {
    expect(new Set(timeline.cuts.slice(0, 20).map((cut) => cut.source)).size).toBe(20);
    expect(sameClipNeighbours(timeline)).toBe(0);
  });

  it('says why, from its own numbers', () => {
    expect(timeline.cuts[0]?.reason).toMatch(/^opens the montage with the intro; /);
    const drop = timeline.markers.find(({ label }) => label === 'drop');
    const cut = timeline.cuts.find(({ frame }) => frame === drop?.frame);
    expect(cut?.reason).toMatch(/^on the downbeat that opens the drop; .+clip\d\d\.mp4/);
  });

  it('keeps up to three other moments for each cut, none of them used elsewhere', () => {
    const used = timeline.cuts.map((cut): [string, number, number] => [
      timeline.sources[cut.source]?.file ?? '',
      cut.sourceFrame,
      cut.sourceFrame + cut.sourceFrames,
    ]);
    for (const { alternatives, frames } of timeline.cuts) {
      for (const { file, sourceFrame } of alternatives) {
        const clash = used.some(([name, from, to]) => name === file && from < sourceFrame + frames && sourceFrame < to);
        expect(clash).toBe(false);
      }
      expect(alternatives.length).toBeLessThanOrEqual(3);
    }
    expect(timeline.cuts.filter(({ alternatives }) => alternatives.length === 3).length).toBeGreaterThan(20);
  });

  it('is the same, byte for byte, when planned again, and another with another seed', () => {
    expect(JSON.stringify(planTimeline(inputs))).toBe(JSON.stringify(timeline));
    const other = planTimeline(planInputs({ clips: variedClips(20), music: wholeSong(), seed: 2 }));
    expect(JSON.stringify(other.cuts)).not.toBe(JSON.stringify(timeline.cuts));
  });

  it('shows lively shots where the music is loud and calm ones where it is quiet', () => {
    const motionIn = (label: string) => {
      const index = timeline.markers.findIndex((marker) => marker.label === label);
      const from = timeline.markers[index]?.frame ?? 0;
      const to = timeline.markers[index + 1]?.frame ?? timeline.frames;
      return mean(
        timeline.cuts
          .filter(({ frame }) => frame >= from && frame < to)
          .map((cut) => {
            const at = cut.sourceFrame / 25;
            const shots = inputs.clips[cut.source]?.analysis.shots ?? [];
            return shots.find((shot) => shot.endSeconds > at)?.motion ?? 0;
          }),
      );
    };
    expect(motionIn('drop')).toBeGreaterThan(motionIn('intro'));
    expect(motionIn('drop')).toBeGreaterThan(motionIn('outro'));
  });
});

describe('a plan', () => {
  it('differs between any two of the built-in styles', () => {
    const cuts = builtInStyles().map(({ id }) => {
      const { cuts } = planTimeline(planInputs({ clips: variedClips(20), music: wholeSong(), style: id }));
      return JSON.stringify(cuts.map(({ frame, source, sourceFrame }) => [frame, source, sourceFrame]));
    });
    expect(new Set(cuts).size).toBe(18);
  });

  it('leaves out black stretches and blurred moments', () => {
    const clip = footage([{ seconds: 8, sharpness: 0.6 }]);
    const hops = clip.curves.exposure.length;
    // The first two seconds are black, the third to the fourth are out of focus.
    clip.curves.exposure = clip.curves.exposure.map((value, i) => (i < 20 ? 0 : value));
    clip.curves.sharpness = clip.curves.sharpness.map((value, i) => (i < 40 ? 0.05 : value));
    expect(hops).toBe(80);
    const timeline = planTimeline(
      planInputs({ clips: [clip, ...variedClips(4)], music: wholeSong(), durationSeconds: 8 }),
    );
    for (const cut of timeline.cuts.filter(({ source }) => source === 0)) {
      expect(cut.sourceFrame).toBeGreaterThanOrEqual(4 * 25);
    }
    expect(timeline.cuts.some(({ source }) => source === 0)).toBe(true);
  });

  it('keeps off the frames of a dissolve inside a clip', () => {
    const clips = [footage([{ seconds: 4 }, { seconds: 4, opens: 'gradual' }])];
    const timeline = planTimeline(planInputs({ clips, music: song({ seconds: 7 }) }));
    for (const { sourceFrame, sourceFrames } of timeline.cuts) {
      const over = sourceFrame < 102 && sourceFrame + sourceFrames > 98;
      expect(over).toBe(false);
    }
  });

  it('fades the music when it ends before the music does', () => {
    const planned = (durationSeconds: number) =>
      planTimeline(planInputs({ clips: variedClips(8), music: wholeSong(), durationSeconds }));
    expect(planned(30).frames).toBe(750);
    expect(planned(30).music.fadeOutFrames).toBe(50);
    expect(planned(4).music.fadeOutFrames).toBe(15);
  });

  it('makes a montage of one clip of one short shot', () => {
    const timeline = planTimeline(planInputs({ clips: [footage([{ seconds: 3 }])], music: wholeSong() }));
    expect(timeline.frames / 25).toBeGreaterThanOrEqual(2.5);
    expect(timeline.frames / 25).toBeLessThanOrEqual(3.25);
    expect(repeatedMoments(timeline)).toEqual([]);
  });

  it('cuts to the even flow of music without beats, and says that there is none', () => {
    const timeline = planTimeline(planInputs({ clips: variedClips(8), music: song({ seconds: 30, tempo: 0 }) }));
    expect(timeline.frames).toBe(750);
    expect(timeline.cuts.length).toBeGreaterThan(5);
    expect(timeline.cuts.every((cut) => cut.beat === null)).toBe(true);
  });

  it('of 200 clips to five minutes of music takes less than 500 MB', () => {
    const before = process.memoryUsage().rss;
    const timeline = planTimeline(
      planInputs({ clips: variedClips(200, 20), music: wholeSong(300, 128), style: 'viral' }),
    );
    expect(clipsUsed(timeline)).toBe(200);
    expect(repeatedMoments(timeline)).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
  });
});

describe('a plan from scarce footage', () => {
  it('fills a song of 61 s with 60 s of clips by slowing them a little', () => {
    const clips = Array.from({ length: 6 }, () => footage([{ seconds: 10 }]));
    const timeline = planTimeline(planInputs({ clips, music: song({ seconds: 61, tempo: 118 }) }));
    expect(timeline.frames).toBe(61 * 25);
    expect(slowest(timeline)).toBeGreaterThanOrEqual(0.9);
    expect(slowest(timeline)).toBeLessThan(1);
    expect(repeatedMoments(timeline)).toEqual([]);
    expect(sameClipNeighbours(timeline)).toBe(0);
    expect(timeline.notes.join(' ')).toMatch(/played at 9\d % of their speed/);
  });

  it.each(['dynamic', 'hitchcock', 'mtv', 'viral'])(
    'alternates two clips that both are needed whole, in %s',
    (style) => {
      const clips = [
        footage([{ seconds: 30 }], { frameRate: '25/2' }),
        footage([{ seconds: 12 }, { seconds: 4 }, { seconds: 7 }, { seconds: 7 }], { frameRate: '24/1' }),
      ];
      const timeline = planTimeline(planInputs({ clips, music: song({ seconds: 61, tempo: 118 }), style }));
      expect(timeline.frames).toBe(Math.round(61 * framesPerSecond(timeline.frameRate)));
      expect(sameClipNeighbours(timeline)).toBe(0);
      expect(slowest(timeline)).toBeGreaterThanOrEqual(0.8);
    },
  );

  it('ends earlier, at a good place in the music, when the clips are far too short, and says so', () => {
    const clips = Array.from({ length: 7 }, () => footage([{ seconds: 2 }]));
    const timeline = planTimeline(planInputs({ clips, music: song({ seconds: 61, tempo: 120 }) }));
    expect(timeline.frames).toBe(14 * 25);
    expect(timeline.music.fadeOutFrames).toBeGreaterThan(25);
    expect(timeline.notes).toContain(
      'The clips hold 14 s to show, so the montage ends at 0:14; add clips to fill the song.',
    );
  });

  it('cuts shorter than the style likes when no shot is as long', () => {
    const clips = Array.from({ length: 30 }, () => footage([{ seconds: 1 }]));
    const timeline = planTimeline(
      planInputs({ clips, music: song({ seconds: 20 }), style: 'minimalist', durationSeconds: 20 }),
    );
    expect(Math.max(...timeline.cuts.map(({ frames }) => frames))).toBeLessThanOrEqual(25);
    expect(repeatedMoments(timeline)).toEqual([]);
  });
});

describe('a plan is refused', () => {
  const clips = Array.from({ length: 7 }, () => footage([{ seconds: 2 }]));
  const refusal = (shape: Parameters<typeof planInputs>[0]) => {
    try {
      planTimeline(planInputs(shape));
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    throw new Error('it was not refused');
  };

  it('when a length is asked for that the clips can’t fill, saying what they hold', () => {
    expect(refusal({ clips, music: wholeSong(), durationSeconds: 30 })).toBe(
      'The clips hold 14 s to show, too little for the 30 s asked for: add clips or ask for at most 17 s',
    );
  });

  it('when more is asked for than the music lasts, with both lengths', () => {
    expect(refusal({ clips: variedClips(20), music: wholeSong(), durationSeconds: 90 })).toBe(
      'A montage of 90 s was asked for, but song.mp3 lasts 64 s: ask for less or choose longer music',
    );
  });

  it('when there is no clip, or none that shows anything', () => {
    expect(refusal({ clips: [], music: wholeSong() })).toContain('add footage');
    expect(refusal({ clips: [footage([{ seconds: 5, exposure: 0 }])], music: wholeSong() })).toContain('add footage');
  });
});

describe('for any footage and music', () => {
  const shot = fc.record({
    seconds: fc.double({ min: 0.3, max: 12, noNaN: true }),
    motion: fc.double({ min: 0, max: 1, noNaN: true }),
    sharpness: fc.double({ min: 0, max: 1, noNaN: true }),
    exposure: fc.double({ min: 0.05, max: 1, noNaN: true }),
    opens: fc.constantFrom('cut' as const, 'gradual' as const),
  });
  const clip = fc
    .tuple(
      fc.array(shot, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('25/1', '24/1', '30000/1001', '25/2', '50/1'),
    )
    .map(([shots, frameRate]) => footage(shots, { frameRate }));
  const shape = fc.record({
    clips: fc.array(clip, { minLength: 1, maxLength: 6 }),
    music: fc
      .record({
        seconds: fc.double({ min: 2, max: 40, noNaN: true }),
        tempo: fc.constantFrom(0, 60, 97, 128, 180),
        offsetSeconds: fc.double({ min: 0, max: 2, noNaN: true }),
      })
      .map((shape) =>
        song({
          ...shape,
          sections: [
            ['intro', 1, 0.2],
            ['build', 1, 0.5],
            ['drop', 2, 0.9],
          ],
        }),
      ),
    style: fc.constantFrom(...builtInStyles().map(({ id }) => id)),
    seed: fc.nat(1000),
  });

  it('cuts cover the montage exactly, inside shots, no moment twice, on beats, and the same each time', () => {
    fc.assert(
      fc.property(shape, (given) => {
        const inputs = planInputs(given);
        const timeline = planTimeline(inputs);
        let end = 0;
        for (const cut of timeline.cuts) {
          expect(cut.frame).toBe(end);
          end += cut.frames;
        }
        expect(end).toBe(timeline.frames);
        expect(repeatedMoments(timeline)).toEqual([]);
        const shotsOf = (key: string) => inputs.clips.find(({ ref }) => ref.key === key)?.analysis.shots ?? [];
        expect(readsOutsideShots(timeline, shotsOf)).toEqual([]);
        expect(slowest(timeline)).toBeGreaterThanOrEqual(0.8);
        for (const { beat } of timeline.cuts) expect(beat?.errorFrames ?? 0).toBeLessThanOrEqual(0.5 + 1e-6);
        expect(planTimeline(inputs)).toEqual(timeline);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
