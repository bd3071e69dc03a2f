import type { JobStatus } from '../../shared/status.ts';

/** Time left of the rendering, from how fast it went so far; the other stages take moments or can't be known. */
export class Pace {
  #begun: { at: number; frames: number } | null = null;

  /** Seconds, or null while nothing can honestly be said. */
  secondsLeft(job: JobStatus, now: number): number | null {
    if (job.state !== 'rendering' || !job.segments) return null;
    const { frames, renderedFrames } = job.segments;
    this.#begun ??= { at: now, frames: renderedFrames };
    const made = renderedFrames - this.#begun.frames;
    if (made <= 0) return null;
    return ((frames - renderedFrames) * (now - this.#begun.at)) / made / 1000;
  }
}

/** How a job stands, in a line. */
export function progressLine(job: JobStatus, secondsLeft: number | null): string {
  const { clips, segments, music } = job;
  if (job.waitingFor) return job.waitingFor;
  if (job.state === 'waiting') return 'Waiting until all clips are there';
  if (job.state === 'analysing') {
    const listening = music && !music.analysed ? ', listening to the song' : '';
    return clips ? `Looking at clips: ${clips.analysed} of ${clips.total}${listening}` : 'Looking at clips';
  }
  if (job.state === 'planning') return 'Planning the cuts';
  if (job.state === 'rendering') {
    const left = secondsLeft === null ? '' : `, about ${spoken(secondsLeft)} left`;
    return segments ? `Rendering: ${segments.rendered} of ${segments.total} segments${left}` : 'Rendering';
  }
  return 'Putting it together';
}

export function spoken(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}
