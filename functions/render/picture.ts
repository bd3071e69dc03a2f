import { fitInto, type Size } from '../../shared/fit.ts';
import type { Probe } from '../../shared/media/probe.ts';
import { toBt709 } from './colour.ts';

type Video = NonNullable<Probe['video']>;

/** The fill is blurred at a sixteenth of its size, where it costs next to nothing. */
const FILL_SHRINK = 16;

/**
 * Chains of filters that take the pictures labelled `from`, upright (ffmpeg turns them by the file's display matrix as it
 * decodes, and keeps that matrix out of the result), and give `to`: square pixels, of the frame's size, 8-bit BT.709. A shape that is too far from the frame's is shown whole over a blurred, darkened fill of itself.
 */
export function normalise(video: Video, frame: Size, from: string, to: string): string[] {
  const how = fitInto(video, frame);
  if (how.kind === 'crop')
    return [chain(from, [...crop(how.across, how.down), ...toBt709(video.colour, video, frame), 'setsar=1'], to)];
  const [whole, copy, fill] = [`${to}_whole`, `${to}_copy`, `${to}_fill`];
  const small = { width: shrunk(frame.width), height: shrunk(frame.height) };
  return [
    chain(from, [...toBt709(video.colour, video, how), 'setsar=1', 'split'], `${whole}][${copy}`),
    chain(
      copy,
      [
        ...crop(how.across, how.down),
        `scale=${small.width}:${small.height}:flags=area`,
        'gblur=sigma=3',
        `scale=${frame.width}:${frame.height}:flags=bicubic`,
        'setsar=1',
        'lutyuv=y=16+(val-16)*0.5:u=128+(val-128)*0.6:v=128+(val-128)*0.6',
      ],
      fill,
    ),
    chain(`${fill}][${whole}`, ['overlay=x=trunc((W-w)/4)*2:y=trunc((H-h)/4)*2'], to),
  ];
}

/** `[from]filter,filter[to]`. */
export function chain(from: string, filters: readonly string[], to: string): string {
  return `[${from}]${filters.length > 0 ? filters.join(',') : 'null'}[${to}]`;
}

/** The middle of a picture, on even pixels, for chroma's sake; a whole length may be odd. */
function crop(across: number, down: number): string[] {
  if (across === 1 && down === 1) return [];
  const part = (length: string, share: number) => (share === 1 ? length : `2*floor(${length}*${share}/2+0.5)`);
  return [`crop=w=${part('iw', across)}:h=${part('ih', down)}:x=2*floor((iw-ow)/4):y=2*floor((ih-oh)/4)`];
}

function shrunk(length: number): number {
  return Math.max(8, 2 * Math.round(length / FILL_SHRINK / 2));
}
