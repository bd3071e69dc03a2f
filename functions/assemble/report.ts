import { secondsAt } from '../../shared/frame-rate.ts';
import type { ObservedJob, WorkRequest } from '../../shared/job.ts';
import type { Report } from '../../shared/report.ts';
import type { Timeline } from '../../shared/timeline.ts';

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
  assembleSeconds,
}: {
  job: ObservedJob;
  timeline: Timeline;
  made: MadeMontage;
  assembleSeconds: number;
}): Report {
  const { frameRate } = timeline;
  const planAsked = firstOf(job.requests, 'plan') ?? job.requestedAt;
  const planned = job.timelineAt ?? planAsked;
  const rendered = new Date(Math.max(planned.getTime(), ...[...job.rendered.values()].map((at) => at.getTime())));
  const between = (from: Date, to: Date) => Math.max(0, rounded((to.getTime() - from.getTime()) / 1000));
  const times = {
    analysisSeconds: between(job.requestedAt, planAsked),
    planSeconds: between(planAsked, planned),
    renderSeconds: between(planned, rendered),
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
    notes: timeline.notes,
    timings: {
      ...times,
      totalSeconds: rounded(between(job.requestedAt, rendered) + assembleSeconds),
    },
  };
}

function firstOf(requests: WorkRequest[], stage: WorkRequest['stage']): Date | null {
  return (
    requests.filter((request) => request.stage === stage).sort((a, b) => a.at.getTime() - b.at.getTime())[0]?.at ?? null
  );
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
