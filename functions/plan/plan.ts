import { type FrameRate, nearestFrame, secondsAt } from '../../shared/frame-rate.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Style } from '../../shared/style.ts';
import { type Cut, type Timeline, TimelineSchema } from '../../shared/timeline.ts';
import { alternativesFor, clashAround } from './alternatives.ts';
import { explain } from './explain.ts';
import { gradeAt } from './grade.ts';
import type { PlanInputs } from './inputs.ts';
import { momentWorth } from './moments.ts';
import { type OutputFormat, outputFormat } from './output-format.ts';
import { planRhythm } from './pacing.ts';
import { randomStream } from './random.ts';
import { type Staged, stage } from './scenes.ts';
import { earlierLength, fadeOutFrames, type LengthInputs, type MontageLength, montageLength } from './shortage.ts';
import { songEnergy } from './song-energy.ts';
import { type Take, takesOf } from './takes.ts';

/** When the clips can't be laid out as long as they are, the montage is made this much shorter and tried again. */
const SHORTER = 0.95;

/**
 * The edit: where the cuts fall, which moment of which clip is shown between them, and how one gives way to the next.
 * A function of its inputs alone.
 *
 * @throws {Refusal} when no clip can be used, or the clips or the music are shorter than what was asked for.
 */
export function planTimeline(inputs: PlanInputs): Timeline {
  const { request, style, clips, music } = inputs;
  if (clips.length === 0) throw noFootage(inputs);
  const format = outputFormat(
    clips.map(({ analysis }) => analysis),
    request.format,
    request.quality,
  );
  const takes = takesOf(clips, format.frameRate);
  if (takes.length === 0) throw noFootage(inputs);
  const lengthInputs: LengthInputs = {
    music: music.analysis,
    musicFile: music.file,
    durationSeconds: request.durationSeconds,
    supplyFrames: takes.reduce((sum, take) => sum + take.endFrame - take.startFrame, 0),
    frameRate: format.frameRate,
  };
  const energy = songEnergy(music.analysis);
  const longestFrames = longestShot(takes, style, format.frameRate);
  let length = montageLength(lengthInputs);
  for (;;) {
    const rhythm = planRhythm({
      style,
      music: music.analysis,
      energy,
      frameRate: format.frameRate,
      frames: length.frames,
      longestFrames,
      random: randomStream(request.seed, 'pacing'),
    });
    const staged = stage({ rhythm, takes, style, energy, seed: request.seed, ...format, ...length });
    if (staged) return timelineOf(inputs, format, takes, length, staged);
    length = earlierLength(lengthInputs, length.frames * SHORTER);
  }
}

/** The longest that a cut can be: the longest take, less a crossfade's handles where the style always dissolves. */
function longestShot(takes: readonly Take[], { transitions }: Style, rate: FrameRate): number {
  const longest = takes.reduce((most, take) => Math.max(most, take.endFrame - take.startFrame), 0);
  const handles = transitions.type === 'crossfade' ? nearestFrame(transitions.seconds, rate) : 0;
  return Math.max(longest - handles, Math.ceil(longest / 2));
}

function noFootage({ rejected }: PlanInputs): Refusal {
  const [first] = rejected;
  return new Refusal(
    first
      ? `None of the clips can be used (${first.file}: ${first.reason.replace(/\.$/, '')}): add footage that shows something`
      : 'There is no clip that shows anything: add footage to the set',
  );
}

function timelineOf(
  inputs: PlanInputs,
  format: OutputFormat,
  takes: readonly Take[],
  length: MontageLength,
  staged: Staged,
): Timeline {
  const { request, style, clips, music } = inputs;
  const { frameRate } = format;
  const timeline: Timeline = {
    title: request.title ?? '',
    ...format,
    frames: length.frames,
    quality: request.quality,
    seed: request.seed,
    style,
    sources: clips.map(({ ref, analysis }) => ({
      ...ref,
      durationSeconds: analysis.durationSeconds,
      frameRate: analysis.frameRate,
      width: analysis.width,
      height: analysis.height,
      hasAudio: analysis.hasAudio,
    })),
    cuts: cutsOf(inputs, format, takes, length.frames, staged),
    music: {
      file: music.file,
      key: music.key,
      etag: music.etag,
      durationSeconds: music.analysis.durationSeconds,
      sourceFrame: 0,
      fadeOutFrames: fadeOutFrames(length.frames, music.analysis, frameRate),
    },
    markers: music.analysis.sections
      .map((section) => ({ frame: nearestFrame(section.start, frameRate), label: section.label }))
      .filter(({ frame }) => frame < length.frames),
    notes: [...inputs.notes, ...length.notes, ...slowNotes(length.speed, staged.speed)],
    rejected: inputs.rejected,
  };
  return TimelineSchema.parse(timeline);
}

function cutsOf(
  { style, clips }: PlanInputs,
  { frameRate }: OutputFormat,
  takes: readonly Take[],
  frames: number,
  staged: Staged,
): Cut[] {
  const takeAt = (slot: number) => takes[staged.takeOf[slot] ?? -1];
  const scenes = staged.needs.map((need, i) => ({
    take: staged.takeOf[i] ?? 0,
    fromFrame: (staged.sourceFrames[i] ?? 0) - need.before,
    toFrame: (staged.sourceFrames[i] ?? 0) + need.shown + need.after,
    before: need.before,
    tension: staged.tensions[i] ?? 0.5,
  }));
  const alternatives = alternativesFor(scenes, takes, style.shots);
  return staged.slots.map((slot, i): Cut => {
    const take = takeAt(i) as Take;
    const file = clips[take.clip]?.ref.file ?? '';
    const sourceFrame = staged.sourceFrames[i] ?? 0;
    const sourceFrames = staged.needs[i]?.shown ?? slot.frames;
    const tension = staged.tensions[i] ?? 0.5;
    const worth = momentWorth(take, sourceFrame, sourceFrame + sourceFrames, tension, style.shots);
    return {
      frame: slot.frame,
      frames: slot.frames,
      source: take.clip,
      sourceFrame,
      sourceFrames,
      transition: staged.transitions[i] ?? null,
      grade: gradeAt(style.look, (slot.frame + slot.frames / 2) / frames),
      beat:
        slot.start.kind === 'beat'
          ? {
              time: Math.round(slot.start.seconds * 1e6) / 1e6,
              errorFrames: rounded(Math.abs(slot.start.seconds / secondsAt(1, frameRate) - slot.frame)),
            }
          : null,
      reason: explain({
        slot,
        index: i,
        last: i === staged.slots.length - 1,
        take,
        file,
        siblings: takes.filter((other) => other.clip === take.clip),
        motion: take.curves.motion(sourceFrame, sourceFrame + sourceFrames),
        tension,
        shots: style.shots,
      }),
      score: rounded(worth - clashAround(takeAt(i - 1), take, takeAt(i + 1), style.shots)),
      alternatives: (alternatives[i] ?? []).map((alternative) => ({
        file: clips[takes[alternative.take]?.clip ?? -1]?.ref.file ?? '',
        sourceFrame: alternative.sourceFrame,
        score: rounded(alternative.score),
      })),
    };
  });
}

/** Four decimals; adding 0 makes −0, which JSON doesn't know, a plain 0. */
const rounded = (value: number) => Math.round(value * 1e4) / 1e4 + 0;

function slowNotes(neededSpeed: number, speed: number): string[] {
  if (speed === 1) return [];
  const why =
    neededSpeed < 1
      ? 'The clips hold less than the montage is long'
      : 'The clips hold hardly more than the montage is long';
  return [`${why}, so all are played at ${Math.round(speed * 100)} % of their speed.`];
}
