import { fadesThatFit } from '../../shared/edits/fades.ts';
import { type FrameRate, nearestFrame, secondsAt } from '../../shared/frame-rate.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Style } from '../../shared/style.ts';
import { type Cut, type Timeline, TimelineSchema } from '../../shared/timeline.ts';
import { type Why, whySentence } from '../../shared/why.ts';
import { alternativesFor, clashAround } from './alternatives.ts';
import { tensionAt } from './arc.ts';
import { explain } from './explain.ts';
import { gradeAt } from './grade.ts';
import { pulseTimes } from './grid.ts';
import type { PlanInputs } from './inputs.ts';
import { lockedCuts, takesWithout, undissolved } from './locked.ts';
import { momentWorth } from './moments.ts';
import { type OutputFormat, outputFormat } from './output-format.ts';
import { planRhythm, type Slot } from './pacing.ts';
import { randomStream } from './random.ts';
import { type Staged, stage } from './scenes.ts';
import { earlierLength, fadeOutFrames, type LengthInputs, type MontageLength, montageLength } from './shortage.ts';
import { songEnergy } from './song-energy.ts';
import { type Take, takesOf } from './takes.ts';
import { stretchedNotes, upscaleOf } from './upscaling.ts';
import { emptyStretches, mustsOf, shownClips, unmetWishes } from './wishes.ts';

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
  const upscale = upscaleOf(inputs);
  const format = outputFormat(
    clips.map(({ analysis }) => analysis),
    request.format,
    request.quality,
    upscale,
  );
  const takes = takesOf(shownClips(inputs), format.frameRate);
  const rejected = [...inputs.rejected, ...emptyStretches(inputs, takes)];
  if (takes.length === 0) throw noFootage({ rejected });
  const musts = mustsOf(inputs, takes);
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
    const locked = lockedCuts(inputs.earlier, clips, length.frames);
    const rhythm = planRhythm({
      style,
      music: music.analysis,
      energy,
      frameRate: format.frameRate,
      frames: length.frames,
      longestFrames,
      fixed: locked,
      random: randomStream(request.seed, 'pacing'),
    });
    const free = takesWithout(takes, locked);
    const slots = rhythm.slots.filter(({ frame }) => !locked.some((cut) => cut.frame === frame));
    const staged = stage({
      ...{ rhythm: { ...rhythm, slots }, takes: free, style, energy, seed: request.seed },
      musts: new Set([...musts].filter((clip) => !locked.some(({ source }) => source === clip))),
      ...format,
      ...length,
    });
    if (staged) return timelineOf({ ...inputs, rejected }, format, { takes, musts, free, locked, staged, length });
    length = earlierLength(lengthInputs, length.frames * SHORTER);
  }
}

/** The longest that a cut can be: the longest take, less a crossfade's handles where the style always dissolves. */
function longestShot(takes: readonly Take[], { transitions }: Style, rate: FrameRate): number {
  const longest = takes.reduce((most, take) => Math.max(most, take.endFrame - take.startFrame), 0);
  const handles = transitions.type === 'crossfade' ? nearestFrame(transitions.seconds, rate) : 0;
  return Math.max(longest - handles, Math.ceil(longest / 2));
}

function noFootage({ rejected }: Pick<PlanInputs, 'rejected'>): Refusal {
  const [first] = rejected;
  return new Refusal(
    first
      ? `None of the clips can be used (${first.file}: ${first.reason.replace(/\.$/, '')}): add footage that shows something and order again`
      : 'There is no clip that shows anything: add footage to the set and order again',
  );
}

interface Planned {
  takes: readonly Take[];
  /** Clips that must be seen. */
  musts: ReadonlySet<number>;
  /** What `staged` is cut from: the takes, or what locked cuts left of them. */
  free: readonly Take[];
  locked: readonly Cut[];
  staged: Staged;
  length: MontageLength;
}

function timelineOf(inputs: PlanInputs, format: OutputFormat, planned: Planned): Timeline {
  const { request, style, clips, music } = inputs;
  const { length, staged, musts } = planned;
  const cuts = cutsOf(inputs, format, planned);
  const { frameRate } = format;
  const sources = clips.map(({ ref, analysis }) => ({
    ...ref,
    durationSeconds: analysis.durationSeconds,
    frameRate: analysis.frameRate,
    width: analysis.width,
    height: analysis.height,
    hasAudio: analysis.hasAudio,
  }));
  const timeline: Timeline = {
    title: request.title ?? '',
    ...format,
    frames: length.frames,
    quality: request.quality,
    upscale: upscaleOf(inputs),
    seed: request.seed,
    style,
    sources,
    cuts,
    music: {
      file: music.file,
      key: music.key,
      etag: music.etag,
      durationSeconds: music.analysis.durationSeconds,
      sourceFrame: 0,
      fadeOutFrames: fadeOutFrames(length.frames, music.analysis, frameRate),
    },
    beats: pulseTimes(music.analysis, secondsAt(length.frames, frameRate)).map(microseconds),
    markers: music.analysis.sections
      .map((section) => ({ frame: nearestFrame(section.start, frameRate), label: section.label }))
      .filter(({ frame }) => frame < length.frames),
    notes: [
      ...inputs.notes,
      ...length.notes,
      ...slowNotes(length.speed, staged.speed),
      ...unmetWishes(inputs, musts, cuts),
      ...stretchedNotes(inputs, { cuts, sources, ...format }),
    ],
    rejected: inputs.rejected,
  };
  const besideLocked = cuts.flatMap((cut, i) => (cut.locked ? [i, i + 1] : []));
  const undissolvedAfterLocked = cuts.map((cut, i) =>
    cuts[i - 1]?.locked && !cut.locked ? { ...cut, transition: undissolved(cut.transition) } : cut,
  );
  return TimelineSchema.parse(fadesThatFit({ ...timeline, cuts: undissolvedAfterLocked }, besideLocked));
}

/** A cut on its way to the timeline: what was chosen, and what its reasons and next best moments are worked out from. */
interface Chosen {
  cut: Omit<Cut, 'grade' | 'why' | 'reason' | 'score' | 'alternatives' | 'locked' | 'room'>;
  /** Index of the whole take around it. */
  take: number;
  /** Null where it is locked. */
  slot: Slot | null;
  /** Source frames before the first shown one and after the last. */
  before: number;
  after: number;
  tension: number;
}

function cutsOf(inputs: PlanInputs, format: OutputFormat, planned: Planned): Cut[] {
  const { takes, musts, locked, length } = planned;
  const { style, clips } = inputs;
  const chosen = [...stagedCuts(format, planned), ...locked.map((cut) => lockedCut(inputs, planned, cut))].sort(
    (a, b) => a.cut.frame - b.cut.frame,
  );
  const scenes = chosen.map(({ cut, take, before, after, tension }) => ({
    take,
    fromFrame: cut.sourceFrame - before,
    toFrame: cut.sourceFrame + cut.sourceFrames + after,
    before,
    tension,
  }));
  const alternatives = alternativesFor(scenes, takes, style.shots);
  const takeAt = (index: number) => takes[chosen[index]?.take ?? -1];
  return chosen.map(({ cut, slot, tension }, i): Cut => {
    const take = takeAt(i) as Take;
    const file = clips[take.clip]?.ref.file ?? '';
    const { sourceFrame, sourceFrames } = cut;
    const worth = momentWorth(take, sourceFrame, sourceFrame + sourceFrames, tension, style.shots);
    const why: Why = slot
      ? explain({
          slot,
          index: i,
          last: i === chosen.length - 1,
          take,
          siblings: takes.filter((other) => other.clip === take.clip),
          motion: take.curves.motion(sourceFrame, sourceFrame + sourceFrames),
          tension,
          shots: style.shots,
          wanted: musts.has(cut.source) && chosen.every((other, j) => j === i || other.cut.source !== cut.source),
        })
      : { here: null, shot: { kind: 'locked' } };
    return {
      ...cut,
      grade: gradeAt(style.look, (cut.frame + cut.frames / 2) / length.frames),
      room: roomOf(take),
      locked: slot === null,
      why,
      reason: whySentence(why, file),
      score: rounded(worth - clashAround(takeAt(i - 1), take, takeAt(i + 1), style.shots)),
      alternatives: (alternatives[i] ?? []).flatMap((alternative) => {
        const other = takes[alternative.take];
        if (!other) return [];
        return [
          {
            file: clips[other.clip]?.ref.file ?? '',
            sourceFrame: alternative.sourceFrame,
            score: rounded(alternative.score),
            room: roomOf(other),
          },
        ];
      }),
    };
  });
}

const roomOf = ({ startFrame, endFrame }: Take) => ({ from: startFrame, to: endFrame });

function stagedCuts({ frameRate }: OutputFormat, { takes, free, staged }: Planned): Chosen[] {
  return staged.slots.map((slot, i): Chosen => {
    const part = free[staged.takeOf[i] ?? -1] as Take;
    const need = staged.needs[i] ?? { before: 0, shown: slot.frames, after: 0 };
    return {
      cut: {
        frame: slot.frame,
        frames: slot.frames,
        source: part.clip,
        sourceFrame: staged.sourceFrames[i] ?? 0,
        sourceFrames: need.shown,
        transition: staged.transitions[i] ?? null,
        beat:
          slot.start.kind === 'beat'
            ? {
                time: microseconds(slot.start.seconds),
                errorFrames: rounded(Math.abs(slot.start.seconds / secondsAt(1, frameRate) - slot.frame)),
              }
            : null,
      },
      take: takeAround(takes, part.clip, part.startFrame),
      slot,
      before: need.before,
      after: need.after,
      tension: staged.tensions[i] ?? 0.5,
    };
  });
}

function lockedCut({ style }: PlanInputs, { takes, length }: Planned, cut: Cut): Chosen {
  return {
    cut,
    take: takeAround(takes, cut.source, cut.sourceFrame),
    slot: null,
    before: 0,
    after: 0,
    tension: tensionAt(style.arc, (cut.frame + cut.frames / 2) / length.frames),
  };
}

/** Index of the take that a frame of a clip is part of, or else of the last one before it. */
function takeAround(takes: readonly Take[], clip: number, frame: number): number {
  return Math.max(
    takes.findLastIndex((take) => take.clip === clip && take.startFrame <= frame),
    takes.findIndex((take) => take.clip === clip),
  );
}

const microseconds = (seconds: number) => Math.round(seconds * 1e6) / 1e6;

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
