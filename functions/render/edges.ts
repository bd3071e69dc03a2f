import type { SegmentSpec } from '../../shared/segments.ts';
import { chain } from './picture.ts';

type Frame = Pick<SegmentSpec, 'width' | 'height' | 'frameRate' | 'frames'>;
type Edge = NonNullable<SegmentSpec['head']>;
type Side = 'head' | 'tail';

/**
 * Chains in which the pictures `from` come out of an edge (head) or go into it (tail) and are called `to`.
 * Black and white are full at the cut itself, on both sides of it, and recede in equal steps; a whip is fastest at the cut.
 */
export function edge(side: Side, { kind, frames }: Edge, frame: Frame, from: string, to: string): string[] {
  const length = Math.min(frames, frame.frames);
  return kind === 'whip' ? whip(side, length, frame, from, to) : dip(side, kind, length, frame, from, to);
}

function dip(side: Side, colour: 'black' | 'white', length: number, frame: Frame, from: string, to: string): string[] {
  const { width, height, frameRate, frames } = frame;
  const source = `color=c=${colour}:s=${width}x${height}:r=${frameRate},format=yuva420p`;
  const fade =
    side === 'head'
      ? [`trim=end_frame=${length}`, `fade=out:start_frame=0:nb_frames=${length}:alpha=1`]
      : // The fade's first picture, without any colour, is the one before the edge.
        [
          `trim=end_frame=${length + 1}`,
          `fade=in:start_frame=0:nb_frames=${length}:alpha=1`,
          'trim=start_frame=1',
          `setpts=N+${frames - length}`,
        ];
  return [
    `${[source, ...fade].join(',')}[${to}_${colour}]`,
    chain(`${from}][${to}_${colour}`, ['overlay=format=yuv420:eof_action=pass'], to),
  ];
}

/**
 * A whip pan to the right: the frame slides over the picture and a mirrored copy beside it, faster and faster (tail) or
 * slower and slower (head), blurred by as much as it moves while a shutter is open. Only the edge's own pictures pass here.
 */
function whip(side: Side, length: number, frame: Frame, from: string, to: string): string[] {
  const { width, height, frameRate, frames } = frame;
  const [per, within] = frameRate.split('/');
  const at = side === 'head' ? length : frames - length;
  const [still, moving] = side === 'head' ? ['after', 'before'] : ['before', 'after'];
  const label = (name: string) => `${to}_${name}`;
  const places = Array.from({ length: length + 1 }, (_, step) =>
    side === 'head' ? 1 - (1 - step / length) ** 2 : (step / length) ** 2,
  );
  const offsets = places.slice(side === 'head' ? 0 : 1, side === 'head' ? length : length + 1);
  const blurs = offsets.flatMap((_, step) => {
    const travelled = ((places[step + 1] ?? 1) - (places[step] ?? 0)) * width;
    const radius = Math.max(1, Math.min(Math.round(travelled / 2), Math.floor(width / 4)));
    const when = `enable='eq(n,${step})'`;
    return [
      `avgblur=sizeX=${radius}:sizeY=1:planes=1:${when}`,
      `avgblur=sizeX=${Math.max(1, Math.round(radius / 2))}:sizeY=1:planes=6:${when}`,
    ];
  });
  const slide = offsets.map((offset, step) => `eq(n,${step})*${2 * Math.round((offset * width) / 2)}`).join('+');
  const strip = side === 'head' ? [label('mirrored'), label('straight')] : [label('straight'), label('mirrored')];
  return [
    chain(from, ['split'], `${label('a')}][${label('b')}`),
    chain(label('a'), [`trim=end_frame=${at}`], label('before')),
    chain(label('b'), [`trim=start_frame=${at}`, 'setpts=PTS-STARTPTS'], label('after')),
    chain(label(moving), ['split'], `${label('straight')}][${label('copy')}`),
    chain(label('copy'), ['hflip'], label('mirrored')),
    chain(strip.join(']['), ['hstack', `crop=w=${width}:h=${height}:x='${slide}':y=0`, ...blurs], label('whipped')),
    chain(
      (side === 'head' ? [label('whipped'), label(still)] : [label(still), label('whipped')]).join(']['),
      ['concat=n=2', `settb=${within}/${per}`, 'setpts=N'],
      to,
    ),
  ];
}
