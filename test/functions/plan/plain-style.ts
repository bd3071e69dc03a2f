import { planTimeline } from '../../../functions/plan/plan.ts';
import type { StyleOverrides } from '../../../shared/styles/overrides.ts';
import type { Timeline } from '../../../shared/timeline.ts';
import { planInputs, song, variedClips } from './analyses.ts';

/** Frames a second of all plans here. */
export const RATE = 25;
/** Beats of the test songs at 120 a minute. */
export const beats = (seconds: number) => seconds * 2;
export const clips = variedClips(24, 40);
const level = song({ seconds: 64 });

/** A style without taste: whatever a test then sets is the only thing that moves the plan. */
const PLAIN: StyleOverrides = {
  'pacing.speed': 'medium',
  'pacing.beatsPerCut': null,
  'pacing.variation': 'minimal',
  'pacing.introBeats': 0,
  'pacing.outroBeats': 0,
  'pacing.climax': 0,
  'pacing.energyGain': 0,
  'pacing.syncToBeats': true,
  arc: 'constant',
  'shots.wide': 0,
  'shots.action': 0,
  'shots.symmetry': 0,
  'shots.freshness': 0,
  'shots.continuity': 0,
  'shots.matchCuts': 0,
  'shots.variety': 'minimal',
  'shots.minClipSeconds': 0.1,
  'shots.maxClipSeconds': 60,
  'shots.maxReuse': 100,
  'transitions.type': 'cut',
  'transitions.seconds': 0,
};

/** A timeline of the plain style with some fields set. */
export function plan(set: StyleOverrides, music = level, given = clips): Timeline {
  return planTimeline(planInputs({ clips: given, music, style: 'preview', set: { ...PLAIN, ...set } }));
}

/** The shot of its clip that each cut is of. */
export function shotsOf(timeline: Timeline, given = clips) {
  return timeline.cuts.map((cut) => {
    const at = (cut.sourceFrame + cut.sourceFrames / 2) / RATE;
    const shots = given[cut.source]?.shots ?? [];
    const shot = shots.find(({ endSeconds }) => endSeconds > at) ?? shots.at(-1);
    if (!shot) throw new Error('a cut from outside all shots');
    return shot;
  });
}
