import { type JobStatus, madeSoFar } from '../../shared/status.ts';

/** Time left of the rendering, then of the upscaling, from how fast it went so far; the other stages take moments or can't be known. */
export class Pace {
  #begun: { state: JobStatus['state']; at: number; frames: number } | null = null;

  /** Seconds, or null while nothing can honestly be said. */
  secondsLeft(job: JobStatus, now: number): number | null {
    const so = madeSoFar(job);
    if (!so) return null;
    if (this.#begun?.state !== job.state) this.#begun = { state: job.state, at: now, frames: so.madeFrames };
    const made = so.madeFrames - this.#begun.frames;
    if (made <= 0) return null;
    return ((so.frames - so.madeFrames) * (now - this.#begun.at)) / made / 1000;
  }
}

/** How a job stands, in a line. */
export function progressLine(job: JobStatus, secondsLeft: number | null): string {
  const { clips, segments, upscaling, music } = job;
  if (job.waitingFor) return job.waitingFor;
  if (job.state === 'waiting') return 'Waiting until all clips are there';
  if (job.state === 'analysing') {
    const listening = music && !music.analysed ? ', listening to the song' : '';
    return clips ? `Looking at clips: ${clips.analysed} of ${clips.total}${listening}` : 'Looking at clips';
  }
  if (job.state === 'planning') return 'Planning the cuts';
  const left = secondsLeft === null ? '' : `, about ${spoken(secondsLeft)} left`;
  const larger = upscaling ? `${upscaling.upscaled} of ${upscaling.total} pieces` : '';
  if (job.state === 'rendering') {
    const meanwhile = upscaling?.upscaled ? `, upscaling: ${larger}` : '';
    return segments ? `Rendering: ${segments.rendered} of ${segments.total} segments${left}${meanwhile}` : 'Rendering';
  }
  if (job.state === 'upscaling') return `Upscaling: ${larger}${left}`;
  return 'Putting it together';
}

export function spoken(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
