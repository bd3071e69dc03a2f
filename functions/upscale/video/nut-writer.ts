import type { FrameRate } from '../../../shared/frame-rate.ts';
import { checksum, FILE_ID, FLAG, STARTCODE, type TimeBase } from './nut.ts';

interface Stream {
  /** The pictures' format by ffmpeg's tag for it, for example "I420". */
  fourcc: string;
  width: number;
  height: number;
  timeBase: TimeBase;
  /** Told to ffmpeg, which takes from it how long the last picture lasts. */
  frameRate: FrameRate;
}

/** What comes before the pictures of a file of one stream of raw pictures. */
export function nutHeader({ fourcc, width, height, timeBase, frameRate }: Stream): Buffer {
  const [pts, mul, stream, size, reserved] = [0, 1, 0, 0, 0];
  const main = [
    // Version, streams, bytes between two syncpoints, time bases.
    ...[3, 1, 65536, 1, timeBase.num, timeBase.den].map(varint),
    // Of the 256 frame codes one means that the frame says by itself what it has; N is left out of the count.
    ...[FLAG.invalid, 6, signed(pts), mul, stream, size, reserved, FRAME_CODE].map(varint),
    ...[FLAG.coded, 6, signed(pts), mul, stream, size, reserved, 1].map(varint),
    ...[FLAG.invalid, 6, signed(pts), mul, stream, size, reserved, 255 - FRAME_CODE - 1].map(varint),
    // Nothing that frames begin with is left out.
    varint(0),
  ];
  const [video, id, shift, furthest, delay, flags, none] = [0, 0, 0, 1, 0, 0, 0];
  const described = [
    ...[id, video].map(varint),
    text(fourcc),
    // The time base's number, how many bits a time may be shortened to, and so on; no extra data; pixels are square.
    ...[0, shift, furthest, delay, flags, none, width, height, 1, 1, none].map(varint),
  ];
  const info = [
    ...[id + 1, none, none, none, 1].map(varint),
    text('r_frame_rate'),
    varint(signed(-1)),
    text(frameRate),
  ];
  return Buffer.concat([
    Buffer.from(FILE_ID, 'latin1'),
    packet(STARTCODE.main, main),
    packet(STARTCODE.stream, described),
    packet(STARTCODE.info, info),
  ]);
}

const FRAME_CODE = 1;

/**
 * What comes before a picture of `size` bytes that is shown at tick `pts`, at least 0. The syncpoint says when: a frame
 * has the time of the one right before it unless it says another, which ffmpegs of 2018 read as a number of 32 bits.
 */
export function nutFrameHeader(pts: number, size: number): Buffer {
  const frame = Buffer.concat([FRAME_CODE, FLAG.key | FLAG.sizeMsb | FLAG.checksum, size].map(varint));
  return Buffer.concat([packet(STARTCODE.syncpoint, [varint(pts), varint(0)]), frame, bigEndian(checksum(frame))]);
}

function packet(startcode: bigint, parts: readonly Uint8Array[]): Buffer {
  const payload = Buffer.concat(parts);
  const start = Buffer.alloc(8);
  start.writeBigUInt64BE(startcode);
  return Buffer.concat([start, varint(payload.length + 4), payload, bigEndian(checksum(payload))]);
}

/** Seven bits a byte, the highest first; all but the last have the eighth bit. */
function varint(value: number): Buffer {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 + (rest % 128));
  return Buffer.from(bytes);
}

/** A number that may be negative as one that isn't: 0, 1, -1, 2, -2 … */
const signed = (value: number): number => (value > 0 ? 2 * value - 1 : -2 * value);

const text = (value: string): Buffer => Buffer.concat([varint(value.length), Buffer.from(value, 'latin1')]);

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
