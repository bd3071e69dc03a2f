import type { Quality } from './request.ts';

interface QualityProfile {
  /** Longer and shorter side of 16:9; other shapes keep the shorter one. */
  readonly longSide: number;
  readonly shortSide: number;
  /** x264's own. */
  readonly crf: number;
  readonly preset: string;
}

/** What each quality means, in picture size and x264 settings. */
export const QUALITY_PROFILES: Readonly<Record<Quality, QualityProfile>> = {
  preview: { longSide: 640, shortSide: 360, crf: 28, preset: 'ultrafast' },
  standard: { longSide: 1920, shortSide: 1080, crf: 20, preset: 'medium' },
  high: { longSide: 1920, shortSide: 1080, crf: 17, preset: 'slow' },
  master: { longSide: 3840, shortSide: 2160, crf: 16, preset: 'slow' },
};
