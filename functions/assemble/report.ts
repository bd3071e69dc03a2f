import { secondsAt } from '../../shared/frame-rate.ts';
import type { ObservedJob, WorkRequest } from '../../shared/job.ts';
import type { Report } from '../../shared/report.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { madeLargerNote } from './made-larger.ts';

export interface MadeMontage {
  frames: number;
  durationSeconds: number;
  loudness: { integratedLufs: number; truePeakDb: number };
}

/**
 * What was made and why, from the timeline and the job's objects. Stage times are the wall-clock time between the objects
 * that begin and end a stage, so what was found in the cache counts as next to nothing.
 */
export function reportOf({
  job,
  timeline,
  made,
  upscaling,
  assembleSeconds,
}: {
  job: ObservedJob;
  timeline: Timeline;
  made: MadeMontage;
  upscaling: Report['upscaling'];
  assembleSeconds: number;
}): Report {
  const { frameRate } = timeline;
  const planAsked = firstOf(job.requests, 'plan') ?? job.requestedAt;
  const planned = job.timelineAt ?? planAsked;
  const rendered = latest(planned, job.rendered);
  const upscaled = latest(rendered, job.upscaled);
  const between = (from: Date, to: Date) => Math.max(0, rounded((to.getTime() - from.getTime()) / 1000));
  const times = {
    analysisSeconds: between(job.requestedAt, planAsked),
    planSeconds: between(planAsked, planned),
    renderSeconds: between(planned, rendered),
    upscaleSeconds: between(rendered, upscaled),
    assembleSeconds: rounded(assembleSeconds),
  };
  return {
    job: job.job,
    style: timeline.style.id,
    seed: timeline.seed,
    output: {
      width: timeline.width,
      height: timeline.height,
      frameRate,
      ...made,
    },
    music: { file: timeline.music.file },
    cuts: timeline.cuts.map((cut) => ({
      frame: cut.frame,
      time: secondsAt(cut.frame, frameRate),
      source: timeline.sources[cut.source]?.file ?? '',
      sourceStart: secondsAt(cut.sourceFrame, frameRate),
      sourceEnd: secondsAt(cut.sourceFrame + cut.sourceFrames, frameRate),
      reason: cut.reason,
      beat: cut.beat,
    })),
    rejected: timeline.rejected,
    upscaling,
    notes: [...timeline.notes, ...(upscaling ? [madeLargerNote(upscaling)] : [])],
    timings: {
      ...times,
      totalSeconds: rounded(between(job.requestedAt, upscaled) + assembleSeconds),
    },
  };
}

function latest(least: Date, marked: ReadonlyMap<string, Date>): Date {
  return new Date(Math.max(least.getTime(), ...[...marked.values()].map((at) => at.getTime())));
}

function firstOf(requests: WorkRequest[], stage: WorkRequest['stage']): Date | null {
  return (
    requests.filter((request) => request.stage === stage).sort((a, b) => a.at.getTime() - b.at.getTime())[0]?.at ?? null
  );
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
