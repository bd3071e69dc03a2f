import type { FootageAnalysis, MusicAnalysis } from '../../shared/analysis.ts';
import type { JobRequest } from '../../shared/request.ts';
import type { Style } from '../../shared/style.ts';
import type { ClipRef, Timeline } from '../../shared/timeline.ts';
import type { MasterUpscaling } from './upscaling.ts';

/** All that a plan is made from. The same inputs give the same timeline, byte for byte. */
export interface PlanInputs {
  request: JobRequest;
  /** With the request's own fields set. */
  style: Style;
  /** Usable clips in order of key. */
  clips: { ref: ClipRef; analysis: FootageAnalysis }[];
  music: { file: string; key: string; etag: string; analysis: MusicAnalysis };
  /** Clips that were left out before planning, and why. */
  rejected: { file: string; reason: string }[];
  notes: string[];
  /** Asked only of a master that nobody said of how it is upscaled. */
  upscaling: MasterUpscaling;
  /** An earlier timeline of the same clips and song whose locked cuts stay. Default: none. */
  earlier?: Timeline;
}
