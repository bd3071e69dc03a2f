import type { Size } from '../../shared/fit.ts';
import { grain, grainLevel } from '../../shared/grain.ts';
import type { Grade } from '../../shared/timeline.ts';
import { chain } from './picture.ts';

/** At full strength the corners keep this share of their light. */
const VIGNETTE_CORNER = 0.3;
/** The vignette is drawn at this share of the size and scaled up: it is smooth. */
const VIGNETTE_SHRINK = 8;

export interface Lut {
  path: string;
  /** Pixel format to apply it in. */
  format: string;
}

/** Whether a grade needs a look-up table at all. */
export function hasLook({ look, intensity }: Grade): boolean {
  return look !== 'none' && intensity > 0;
}

/**
 * Chains that give the pictures `from`, 8-bit 4:2:0 BT.709, their grade and call them `to`: sharpness, then the look, then
 * vignette, then grain. What is 0 or `none` adds no filter and changes no pixel.
 */
export function grade(what: Grade, lut: Lut | null, size: Size, from: string, to: string): string[] {
  const before = [
    ...(what.sharpen > 0 ? [`unsharp=luma_msize_x=5:luma_msize_y=5:luma_amount=${0.8 * what.sharpen}`] : []),
    ...(lut ? look(lut) : []),
  ];
  const after = what.grain > 0 ? [grain(grainLevel(what.grain))] : [];
  if (what.vignette === 0) return [chain(from, [...before, ...after], to)];
  return [
    `${vignette(what.vignette, size).join(',')}[${to}_shade]`,
    chain(from, before, `${to}_lit`),
    chain(`${to}_lit][${to}_shade`, ['overlay=format=yuv420', ...after], to),
  ];
}

function look({ path, format }: Lut): string[] {
  const through = 'flags=bicubic:in_range=tv:in_color_matrix=bt709';
  const back = 'flags=bicubic:out_range=tv:out_color_matrix=bt709';
  return [
    `scale=${through}`,
    `format=${format}`,
    `lut3d=file=${quoted(path)}:interp=tetrahedral`,
    `scale=${back}`,
    'format=yuv420p',
  ];
}

/** One black picture that is the more opaque the nearer to the corners, by the cosine-fourth law of lenses. */
function vignette(amount: number, { width, height }: Size): string[] {
  const [w, h] = [Math.max(8, Math.round(width / VIGNETTE_SHRINK)), Math.max(8, Math.round(height / VIGNETTE_SHRINK))];
  const angle = Math.acos((1 - (1 - VIGNETTE_CORNER) * amount) ** 0.25);
  const distance = `hypot((X-(W-1)/2)/(W/2),(Y-(H-1)/2)/(H/2))/sqrt(2)`;
  return [
    `color=c=black:s=${w}x${h}:r=1`,
    'format=yuva420p',
    'trim=end_frame=1',
    `geq=lum=16:cb=128:cr=128:a='255*(1-pow(cos(${angle}*${distance}),4))'`,
    `scale=${width}:${height}:flags=bicubic`,
    'setsar=1',
  ];
}

/** A path as the value of a filter's option: escaped once for the option and once for the graph. */
function quoted(path: string): string {
  const option = path.replace(/[\\':]/g, '\\$&');
  return option.replace(/[\\'[\],;]/g, '\\$&');
}
