import type { Style } from '../../shared/style.ts';
import type { Grade } from '../../shared/timeline.ts';

/** The grade at a position of the montage, 0 to 1: a sequence of looks is spread evenly over it. */
export function gradeAt(look: Style['look'], position: number): Grade {
  const { intensity, vignette, grain, sharpen } = look;
  const looks = Array.isArray(look.grade) ? look.grade : [look.grade];
  const index = Math.min(looks.length - 1, Math.floor(position * looks.length));
  return { look: looks[index] ?? 'none', intensity, vignette, grain, sharpen };
}
