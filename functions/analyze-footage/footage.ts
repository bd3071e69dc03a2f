import { type FootageAnalysis, FootageAnalysisSchema, type FootageResult, type Shot } from '../../shared/analysis.ts';
import { type FrameRate, framesPerSecond, secondsAt } from '../../shared/frame-rate.ts';
import { FfmpegError } from '../../shared/media/ffmpeg.ts';
import { LoudnessMeter } from '../../shared/media/loudness.ts';
import { mayPass } from '../../shared/media/may-pass.ts';
import { type Probe, probe } from '../../shared/media/probe.ts';
import { Refusal } from '../../shared/refusal.ts';
import { type ColourMatrix, colourOf } from './colour.ts';
import { decode, HOP_SECONDS, SOUND_RATE, soundChannels } from './decode.ts';
import { FeatureExtractor, type Features } from './features.ts';
import { GrowingFloats } from './growing.ts';
import { meanOf } from './mean.ts';
import { motionOf } from './motion.ts';
import { sharpnessOf } from './sharpness.ts';
import { findBoundaries, type ShotRange, shotsBetween } from './shots.ts';
import { spreadOf } from './spread.ts';
import { symmetryOf } from './symmetry.ts';

const SHORTEST_SECONDS = 0.5;
const LOUDNESS_BLOCK_SECONDS = 0.4;

/** What is measured once a hop, on larger pictures. */
interface Details {
  sharpness: Float32Array;
  symmetry: Float32Array;
  spread: Float32Array;
}

/**
 * Looks at a clip once, from a path or a bridge URL: its shots, their measures, and the curves.
 * A clip that can't be used comes back as rejected, with the reason for a person; a clip that is cut off is used as far as
 * it can be decoded.
 *
 * @throws what may pass when tried again: the signal's reason, ffmpeg killed or out of time, a failure of the machine or store.
 */
export async function analyseFootage(
  source: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<FootageResult> {
  try {
    return await look(source, signal);
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'rejected', reason: error.message };
    throw error;
  }
}

async function look(source: string, signal: AbortSignal | undefined): Promise<FootageAnalysis> {
  const found = await probe(source, { file: 'The clip', signal });
  const { video } = found;
  if (!video)
    throw new Refusal(
      found.audio
        ? 'The clip has sound but no picture: use it as the music instead'
        : 'The clip has neither picture nor sound: take it out, or export it again as MP4 (H.264)',
    );
  const extractor = new FeatureExtractor();
  const [sharpness, symmetry, spread] = [new GrowingFloats(), new GrowingFloats(), new GrowingFloats()];
  const meter = found.audio ? new LoudnessMeter(SOUND_RATE, soundChannels(found), { truePeak: false }) : null;
  const decoded = decode(
    source,
    found,
    {
      onFrame: (picture) => extractor.add(picture),
      onDetail: (luma, size) => {
        sharpness.push(sharpnessOf(luma, size));
        symmetry.push(symmetryOf(luma, size));
        spread.push(spreadOf(luma, size));
      },
      onSound: (interleaved) => meter?.push(interleaved),
    },
    signal,
  );
  await decoded.catch((error: unknown) => {
    if (!(error instanceof FfmpegError) || mayPass(error)) throw error;
  });
  const features = extractor.features();
  refuseUnusable(features.frames, video.codec, video.frameRate);
  const details = { sharpness: sharpness.all(), symmetry: symmetry.all(), spread: spread.all() };
  return analysisOf(found, video, features, details, meter);
}

function refuseUnusable(frames: number, codec: string, frameRate: FrameRate): void {
  const seconds = secondsAt(frames, frameRate);
  if (frames === 0)
    throw new Refusal(
      `The clip's pictures can't be decoded (${codec}): export it as MP4 (H.264), without copy protection, and use that`,
    );
  if (frames === 1)
    throw new Refusal(`The clip has a single picture: use one with at least ${SHORTEST_SECONDS} s of moving pictures`);
  if (seconds < SHORTEST_SECONDS)
    throw new Refusal(`The clip is ${seconds.toFixed(2)} s long: use one of at least ${SHORTEST_SECONDS} s`);
}

function analysisOf(
  found: Probe,
  video: NonNullable<Probe['video']>,
  features: Features,
  details: Details,
  meter: LoudnessMeter | null,
): FootageAnalysis {
  const { frameRate, width, height } = video;
  const rate = framesPerSecond(frameRate);
  const ranges = shotsBetween(findBoundaries(features, rate), features.frames);
  const matrix = matrixOf(video);
  return FootageAnalysisSchema.parse({
    kind: 'footage',
    durationSeconds: secondsAt(features.frames, frameRate),
    frameRate,
    width,
    height,
    hasAudio: found.audio !== null,
    shots: ranges.map((range) => shotOf(range, features, details, frameRate, matrix, meter)),
    curves: curvesOf(features, details, ranges, rate),
  });
}

/** The frames where a shot begins change for another reason than motion, and are left out of it. */
function shotOf(
  range: ShotRange,
  features: Features,
  details: Details,
  frameRate: FrameRate,
  matrix: ColourMatrix,
  meter: LoudnessMeter | null,
): Shot {
  const { startFrame, endFrame, opens, cleanStart, cleanEnd } = range;
  const clean = (values: Float32Array) => meanOf(values.subarray(cleanStart, cleanEnd));
  const [startSeconds, endSeconds] = [secondsAt(startFrame, frameRate), secondsAt(endFrame, frameRate)];
  const detail = (values: Float32Array) =>
    meanOf(within(values, secondsAt(cleanStart, frameRate), secondsAt(cleanEnd, frameRate)));
  return {
    startFrame,
    endFrame,
    startSeconds,
    endSeconds,
    opens,
    motion: motionOf(features.change.subarray(cleanStart + 1, cleanEnd), framesPerSecond(frameRate)),
    sharpness: detail(details.sharpness),
    exposure: unit(clean(features.luma)),
    clipped: unit(clean(features.clipped)),
    symmetry: detail(details.symmetry),
    spread: detail(details.spread),
    colour: colourOf(features, cleanStart, cleanEnd, matrix),
    loudnessLufs: loudnessOf(meter, startSeconds, endSeconds),
  };
}

/** Values of the hops whose pictures are seen between two times, or of the nearest hop when there is none between. */
function within(values: Float32Array, start: number, end: number): Float32Array {
  const first = Math.min(values.length - 1, Math.ceil(start / HOP_SECONDS - 1e-6));
  const last = Math.max(first + 1, Math.ceil(end / HOP_SECONDS - 1e-6));
  return values.subarray(Math.max(0, first), last);
}

function curvesOf(
  features: Features,
  details: Details,
  ranges: readonly ShotRange[],
  rate: number,
): FootageAnalysis['curves'] {
  const openings = new Set(ranges.map(({ startFrame }) => startFrame));
  const hops = Math.max(1, Math.ceil(features.frames / rate / HOP_SECONDS - 1e-6));
  const framesOf = (hop: number) => [
    Math.min(features.frames - 1, Math.round(hop * HOP_SECONDS * rate)),
    Math.min(features.frames, Math.max(1, Math.round((hop + 1) * HOP_SECONDS * rate))),
  ];
  const curve = (measure: (start: number, end: number, hop: number) => number) =>
    Array.from({ length: hops }, (_, hop) => {
      const [start = 0, end = 0] = framesOf(hop);
      return Math.round(unit(measure(start, Math.max(start + 1, end), hop)) * 1e4) / 1e4;
    });
  return {
    hopSeconds: HOP_SECONDS,
    motion: curve((start, end) =>
      motionOf(
        features.change.subarray(start, end).filter((_, i) => start + i > 0 && !openings.has(start + i)),
        rate,
      ),
    ),
    sharpness: curve((_start, _end, hop) => details.sharpness[Math.min(hop, details.sharpness.length - 1)] ?? 0),
    exposure: curve((start, end) => meanOf(features.luma.subarray(start, end))),
  };
}

/** HDR has been brought to BT.709; what doesn't say is taken as ffmpeg takes it, by its height. */
function matrixOf({ colour, width, height }: NonNullable<Probe['video']>): ColourMatrix {
  if (['smpte170m', 'bt470bg', 'fcc'].includes(colour.space)) return 'bt601';
  return colour.space === 'unknown' && Math.min(width, height) < 720 ? 'bt601' : 'bt709';
}

/** Of the sound between two times; of the 0.4 s around a shot that is shorter, since loudness isn't defined for less. */
function loudnessOf(meter: LoudnessMeter | null, start: number, end: number): number | null {
  const missing = Math.max(0, LOUDNESS_BLOCK_SECONDS - (end - start));
  const from = Math.max(0, start - missing / 2);
  const lufs = meter?.integratedLufs(from, Math.max(end, from + LOUDNESS_BLOCK_SECONDS));
  return lufs !== undefined && Number.isFinite(lufs) ? Math.round(lufs * 10) / 10 : null;
}

function unit(value: number): number {
  return Math.max(0, Math.min(1, value));
}
