import { z } from 'zod';
import { type FrameRate, framesPerSecond, secondsAt } from '../frame-rate.ts';
import { Refusal } from '../refusal.ts';
import { type ClipRef, type Cut, type Source, type Timeline, TimelineSchema } from '../timeline.ts';

interface OtioOptions {
  /** Where a clip or the music is to be found; by default its key, URL-encoded, relative to wherever the file lies. */
  urlOf?: (source: ClipRef) => string;
}

const TRANSITION_TYPES = {
  crossfade: 'SMPTE_Dissolve',
  dip_to_black: 'Custom_Transition',
  flash: 'Custom_Transition',
  whip_pan: 'Custom_Transition',
} as const;

/**
 * A timeline as the text of an OpenTimelineIO file (https://opentimelineio.readthedocs.io, Timeline.1 and Clip.2): a video
 * track of the cuts, an audio track `music`, a marker for each section. What OTIO has no place for lies under
 * `metadata.montage`, so that `fromOtio` gives the same timeline back. The same timeline gives the same bytes.
 */
export function toOtio(timeline: Timeline, options: OtioOptions = {}): string {
  const urlOf = options.urlOf ?? (({ key }: ClipRef) => key.split('/').map(encodeURIComponent).join('/'));
  const { title, frameRate, sources, cuts, music, markers, frames, ...rest } = timeline;
  const rate = framesPerSecond(frameRate);
  const { sourceFrame: musicFrame, ...musicRest } = music;
  return `${JSON.stringify(
    {
      OTIO_SCHEMA: 'Timeline.1',
      metadata: { montage: { frameRate, ...rest, sources } },
      name: title,
      global_start_time: null,
      tracks: {
        OTIO_SCHEMA: 'Stack.1',
        metadata: {},
        name: 'tracks',
        source_range: null,
        effects: [],
        markers: markers.map(({ frame, label }) => ({
          OTIO_SCHEMA: 'Marker.2',
          metadata: {},
          name: label,
          color: 'GREEN',
          comment: '',
          marked_range: timeRange(frame, 0, rate),
        })),
        enabled: true,
        children: [
          track(
            'Video',
            'video',
            cuts.flatMap((cut) => videoItems(cut, sources, frameRate, urlOf)),
          ),
          track('Audio', 'music', [
            clip({
              name: music.file,
              sourceRange: timeRange(musicFrame, frames, rate),
              availableRange: availableRange(music.durationSeconds, frameRate, musicFrame + frames, frameRate),
              url: urlOf(music),
              effects: [],
              montage: musicRest,
            }),
          ]),
        ],
      },
    },
    null,
    1,
  )}\n`;
}

function videoItems(cut: Cut, sources: readonly Source[], frameRate: FrameRate, urlOf: (source: ClipRef) => string) {
  const { frame, frames, sourceFrame, sourceFrames, transition, ...rest } = cut;
  const source = sources[cut.source];
  if (!source) throw new RangeError(`cut at frame ${frame} names source ${cut.source}, which the timeline lacks`);
  const rate = framesPerSecond(frameRate);
  const item = clip({
    name: source.file,
    sourceRange: timeRange(sourceFrame, frames, rate),
    availableRange: availableRange(source.durationSeconds, source.frameRate, sourceFrame + frames, frameRate),
    url: urlOf(source),
    effects: sourceFrames === frames ? [] : [timeWarp(sourceFrames / frames)],
    montage: rest,
  });
  if (!transition) return [item];
  return [
    {
      OTIO_SCHEMA: 'Transition.1',
      metadata: { montage: { kind: transition.kind } },
      name: transition.kind,
      in_offset: rationalTime(transition.inFrames, rate),
      out_offset: rationalTime(transition.outFrames, rate),
      transition_type: TRANSITION_TYPES[transition.kind],
    },
    item,
  ];
}

const rationalTime = (value: number, rate: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate, value });

const timeRange = (start: number, duration: number, rate: number) => ({
  OTIO_SCHEMA: 'TimeRange.1',
  duration: rationalTime(duration, rate),
  start_time: rationalTime(start, rate),
});

/**
 * All of a file, at its own rate. OTIO counts a slowed clip's range as if it weren't slowed, and wants it inside the
 * available one, so that one reaches at least to `leastEnd`.
 */
function availableRange(durationSeconds: number, ownRate: FrameRate, leastEnd: number, timelineRate: FrameRate) {
  const end = Math.max(durationSeconds, secondsAt(leastEnd, timelineRate));
  // The allowance keeps whole seconds whole where a multiplication has left 750.0000001 frames.
  const own = framesPerSecond(ownRate);
  return timeRange(0, Math.ceil(end * own - 1e-6), own);
}

const timeWarp = (speed: number) => ({
  OTIO_SCHEMA: 'LinearTimeWarp.1',
  metadata: {},
  name: '',
  effect_name: 'LinearTimeWarp',
  enabled: true,
  time_scalar: speed,
});

interface ClipParts {
  name: string;
  sourceRange: ReturnType<typeof timeRange>;
  availableRange: ReturnType<typeof timeRange>;
  url: string;
  effects: ReturnType<typeof timeWarp>[];
  montage: object;
}

const clip = ({ name, sourceRange, availableRange, url, effects, montage }: ClipParts) => ({
  OTIO_SCHEMA: 'Clip.2',
  metadata: { montage },
  name,
  source_range: sourceRange,
  effects,
  markers: [],
  enabled: true,
  media_references: {
    DEFAULT_MEDIA: {
      OTIO_SCHEMA: 'ExternalReference.1',
      metadata: {},
      name,
      available_range: availableRange,
      available_image_bounds: null,
      target_url: url,
    },
  },
  active_media_reference_key: 'DEFAULT_MEDIA',
});

const track = (kind: 'Video' | 'Audio', name: string, children: readonly object[]) => ({
  OTIO_SCHEMA: 'Track.1',
  metadata: {},
  name,
  source_range: null,
  effects: [],
  markers: [],
  enabled: true,
  children,
  kind,
});

const TimeSchema = z.object({ value: z.number() });
const RangeSchema = z.object({ start_time: TimeSchema, duration: TimeSchema });
const MontageDataSchema = z.object({ montage: z.record(z.string(), z.unknown()) });

const ClipItemSchema = z.object({
  OTIO_SCHEMA: z.literal('Clip.2'),
  metadata: MontageDataSchema,
  source_range: RangeSchema,
  effects: z.array(z.object({ time_scalar: z.number().default(1) })),
});
const TransitionItemSchema = z.object({
  OTIO_SCHEMA: z.literal('Transition.1'),
  metadata: MontageDataSchema,
  in_offset: TimeSchema,
  out_offset: TimeSchema,
});
const OtioTimelineSchema = z.object({
  OTIO_SCHEMA: z.literal('Timeline.1'),
  name: z.string(),
  metadata: MontageDataSchema,
  tracks: z.object({
    markers: z.array(z.object({ name: z.string(), marked_range: RangeSchema })),
    children: z.tuple([
      z.object({ children: z.array(z.discriminatedUnion('OTIO_SCHEMA', [ClipItemSchema, TransitionItemSchema])) }),
      z.object({ children: z.tuple([ClipItemSchema]) }),
    ]),
  }),
});

/**
 * The timeline of an OpenTimelineIO file that `toOtio` wrote.
 *
 * @throws {Refusal} when the text is no such file.
 */
export function fromOtio(text: string): Timeline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('The timeline is not an OpenTimelineIO file: it is no JSON');
  }
  const parsed = OtioTimelineSchema.safeParse(value);
  if (!parsed.success) throw notOurs(parsed.error);
  const { name, metadata, tracks } = parsed.data;
  const [video, audio] = tracks.children;
  const [musicClip] = audio.children;
  const cuts = cutsOf(video.children);
  const timeline = TimelineSchema.safeParse({
    ...metadata.montage,
    title: name,
    frames: musicClip.source_range.duration.value,
    cuts,
    music: { ...musicClip.metadata.montage, sourceFrame: musicClip.source_range.start_time.value },
    markers: tracks.markers.map((marker) => ({ frame: marker.marked_range.start_time.value, label: marker.name })),
  });
  if (!timeline.success) throw notOurs(timeline.error);
  return timeline.data;
}

function notOurs({ issues: [issue] }: z.ZodError): Refusal {
  return new Refusal(
    `The timeline is not one that Montage wrote: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'unknown'}`,
  );
}

/** Cuts of a video track: each clip starts where the one before it ended, and a transition belongs to the clip after it. */
function cutsOf(items: readonly (z.infer<typeof ClipItemSchema> | z.infer<typeof TransitionItemSchema>)[]) {
  let frame = 0;
  let transition: object | null = null;
  const cuts: object[] = [];
  for (const item of items) {
    if (item.OTIO_SCHEMA === 'Transition.1') {
      const { in_offset, out_offset, metadata } = item;
      transition = { ...metadata.montage, inFrames: in_offset.value, outFrames: out_offset.value };
      continue;
    }
    const frames = item.source_range.duration.value;
    const speed = item.effects[0]?.time_scalar ?? 1;
    cuts.push({
      ...item.metadata.montage,
      frame,
      frames,
      sourceFrame: item.source_range.start_time.value,
      sourceFrames: Math.round(frames * speed),
      transition,
    });
    frame += frames;
    transition = null;
  }
  return cuts;
}
