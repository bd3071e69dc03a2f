import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { ffmpeg } from '../../shared/media/ffmpeg.ts';
import { JobRequestSchema } from '../../shared/request.ts';
import { segmentsOf } from '../../shared/segments.ts';
import type { Style } from '../../shared/style.ts';
import type { Timeline } from '../../shared/timeline.ts';
import { Sources } from '../../storage/source.ts';
import type { Store } from '../../storage/store.ts';
import { joinSegments } from '../assemble/join.ts';
import { writePoster } from '../assemble/poster.ts';
import { planTimeline } from '../plan/plan.ts';
import { NOT_ASKED } from '../plan/upscaling.ts';
import type { LookAtClip } from '../render/clip.ts';
import { renderSegment } from '../render/segment.ts';
import type { Material } from './material.ts';
import { tellingStretch } from './stretch.ts';

const [WIDTH, HEIGHT] = [320, 180];
/** x264's own: a small picture of a few seconds may take a little time to become a small file. */
const [PRESET, CRF] = ['fast', 31];
const AT_ONCE = 2;
const TIME_LIMIT_SECONDS = 60;

/** The edit that a style makes of the demo's clips and song, and of it the few seconds that tell most of the style. */
export function planPreview(style: Style, material: Material): Timeline {
  const request = JobRequestSchema.parse({ footageSet: 'demo', quality: 'preview', format: 'landscape' });
  const timeline = planTimeline({ request, style, ...material, rejected: [], notes: [], upscaling: NOT_ASKED });
  return { ...tellingStretch(timeline), width: WIDTH, height: HEIGHT };
}

export interface FilmOptions {
  /** An empty folder. */
  scratch: string;
  look: LookAtClip;
  signal: AbortSignal;
}

/**
 * Renders and joins a preview's timeline as a montage's is.
 *
 * @returns paths of the silent MP4, and of one of its pictures as a JPEG.
 */
export async function filmPreview(
  store: Store,
  timeline: Timeline,
  { scratch, look, signal }: FilmOptions,
): Promise<{ film: string; still: string }> {
  const specs = segmentsOf(timeline).map((spec) => ({ ...spec, preset: PRESET, crf: CRF }));
  const segments = specs.map(({ frames }, i) => ({ path: join(scratch, `${i}.mp4`), frames }));
  await using sources = new Sources(store);
  const queue = [...specs.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [i, spec] = next;
      const out = segments[i]?.path ?? '';
      // One's own: two at once may need a look of the same name.
      const own = await mkdtemp(join(scratch, 'segment-'));
      await renderSegment(spec, (piece) => sources.open('cache', piece), out, { signal, scratch: own, look });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await sources.verify();
  const picture = await joinSegments(segments, timeline.frameRate, scratch, signal);
  const [film, still] = [join(scratch, 'film.mp4'), join(scratch, 'still.jpg')];
  const joined = ['-protocol_whitelist', 'file', '-f', 'nut', '-i', `file:${picture}`, '-map', '0:v:0', '-c', 'copy'];
  const plain = ['-map_metadata', '-1', '-fflags', '+bitexact', '-movflags', '+faststart', '-f', 'mp4'];
  await ffmpeg(['-v', 'error', ...joined, ...plain, `file:${film}`], { timeLimitSeconds: TIME_LIMIT_SECONDS, signal });
  await writePoster(film, timeline, still, signal);
  return { film, still };
}
