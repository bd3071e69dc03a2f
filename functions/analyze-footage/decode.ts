import type { Readable } from 'node:stream';
import type { FrameRate } from '../../shared/frame-rate.ts';
import { input, startFfmpeg } from '../../shared/media/ffmpeg.ts';
import type { Probe } from '../../shared/media/probe.ts';
import { mediaTools } from '../../shared/media/tools.ts';
import { bytesOf, type Picture, pictureOf, type Size, smallSize } from './picture.ts';
import { eachRecord } from './records.ts';

type Video = NonNullable<Probe['video']>;

/** Curves have a value for each fifth of a second. */
export const HOP_SECONDS = 0.2;
const HOPS_A_SECOND: FrameRate = '5/1';
/** Pixels of the pictures that every frame gives, 160×90 in area; and of those for fine detail, one a hop. */
const FRAME_PIXELS = 14_400;
const DETAIL_PIXELS = 129_600;
export const SOUND_RATE = 48_000;
/** Samples of each channel that are handed over at once: 0.1 s. */
const SOUND_BLOCK = 4800;
/** Longest that a function may work, less what it needs around this. */
const TIME_LIMIT_SECONDS = 540;

export interface Decoded {
  /** Frame n is the picture that is seen n / rate seconds after the clip's first one. The picture is only lent. */
  onFrame: (picture: Picture) => void;
  /** The luma of picture seen at each hop, larger and as lent. */
  onDetail: (luma: Uint8Array, size: Size) => void;
  /** Interleaved samples at `SOUND_RATE`, full scale ±1, of `channels`, from the first picture on; only lent. */
  onSound: (interleaved: Float32Array) => void;
}

/** Channels that `onSound` gets: those of the clip, anything beyond 5.1 mixed down to that. 0 without sound. */
export function soundChannels(probe: Probe): number {
  return Math.min(probe.audio?.channels ?? 0, 6);
}

/**
 * Decodes a clip once, in one process, into small pictures and sound, and hands them out as they come.
 * What can't be decoded is passed over; a clip that is cut off is decoded as far as it goes.
 *
 * @throws FfmpegError when ffmpeg fails or takes too long, the signal's reason when it is aborted.
 */
export async function decode(source: string, probe: Probe, to: Decoded, signal?: AbortSignal): Promise<void> {
  const { video } = probe;
  if (!video) throw new TypeError('decode needs a clip with a picture');
  const frame = smallSize(video, FRAME_PIXELS);
  const detail = smallSize(video, Math.min(DETAIL_PIXELS, video.width * video.height));
  const { filters } = await mediaTools();
  const constant = `setpts=PTS-STARTPTS,fps=${video.frameRate}`;
  const small = `${constant},${shrunk(video, frame, filters)},format=yuv420p`;
  const large = `${constant},fps=${HOPS_A_SECOND}:round=up,${shrunk(video, detail, filters)},format=gray`;
  const raw = ['-f', 'rawvideo', '-c:v', 'rawvideo'];
  const channels = soundChannels(probe);
  const sound = ['-f', 'f32le', '-ar', String(SOUND_RATE), '-ac', String(channels)];
  const reading = [
    // Turned when it is small, not before.
    '-noautorotate',
    // The loop filter of pictures that no other refers to is spared: a tenth of the work, and nothing drifts.
    ...['-skip_loop_filter', 'noref'],
    // The clock starts at the first picture, so that `fps` knows where the last one ends.
    ...['-itsoffset', (probe.startSeconds - video.startSeconds).toFixed(6)],
  ];
  // Outputs with a filter chain each and no common graph: with one, the 2018 ffmpeg repeats frames of variable clips.
  const running = await startFfmpeg(
    [
      ...['-v', 'error', ...input(source, ...reading)],
      ...['-map', `0:${video.index}`, '-filter:v', small, ...raw, 'pipe:1'],
      ...['-map', `0:${video.index}`, '-filter:v', large, ...raw, 'pipe:3'],
      ...(probe.audio ? ['-map', `0:${probe.audio.index}`, '-af', 'aresample=async=1', ...sound, 'pipe:4'] : []),
    ],
    { timeLimitSeconds: TIME_LIMIT_SECONDS, signal, extraPipes: probe.audio ? 2 : 1 },
  );
  const [details, samples] = running.pipes;
  const lead = probe.audio ? Math.round((video.startSeconds - probe.audio.startSeconds) * SOUND_RATE) : 0;
  await Promise.all([
    eachRecord(running.stdout, bytesOf(frame), (bytes) => to.onFrame(pictureOf(bytes, frame))),
    details && eachRecord(details, detail.width * detail.height, (luma) => to.onDetail(luma, detail)),
    samples && eachSound(samples, channels, lead, to.onSound),
  ]);
  await running.ended;
}

async function eachSound(stream: Readable, channels: number, lead: number, onSound: Decoded['onSound']): Promise<void> {
  // Sound that starts after the picture has silence before it; sound that starts before it loses its beginning.
  if (lead < 0) onSound(new Float32Array(-lead * channels));
  let early = Math.max(0, lead);
  await eachRecord(stream, SOUND_BLOCK * channels * 4, (bytes) => {
    const block = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    const skipped = Math.min(early, SOUND_BLOCK);
    early -= skipped;
    if (skipped < SOUND_BLOCK) onSound(block.subarray(skipped * channels));
  });
}

/** Filters that make a picture of `size` as shown: shrunk first, since all that follows is then cheap. */
function shrunk(video: Video, size: Size, filters: ReadonlySet<string>): string {
  const turned = video.rotation % 180 !== 0;
  const [width, height] = turned ? [size.height, size.width] : [size.width, size.height];
  const range = `in_range=${video.colour.range === 'full' ? 'pc' : 'tv'}:out_range=tv`;
  const rotate = { 0: [], 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] }[video.rotation];
  return [`scale=${width}:${height}:flags=area:${range}`, ...rotate, ...toBt709(video, filters)].join(',');
}

const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67']);

/** HDR is brought to BT.709, so that its measures are those of what will be shown; the rest stays as it is. */
function toBt709(video: Video, filters: ReadonlySet<string>): string[] {
  const { transfer, primaries, space } = video.colour;
  if (!HDR_TRANSFERS.has(transfer) || !filters.has('zscale') || !filters.has('tonemap')) return [];
  const known = (value: string, otherwise: string) => (value === 'unknown' ? otherwise : value);
  const from = `tin=${transfer}:pin=${known(primaries, 'bt2020')}:min=${known(space, 'bt2020nc')}:rin=tv`;
  return [
    `zscale=${from}:t=linear:npl=203`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
  ];
}
