import { type FileHandle, open } from 'node:fs/promises';
import { Refusal } from '../../../shared/refusal.ts';

/** What both ffmpegs say when a file ends before what it announced, and then end as if nothing were wrong. */
const SAID = /: partial file$|\bFile ended prematurely\b|\[matroska,webm @ \w+\] Read error$/m;

/** Whether ffmpeg's log says that the file it read is cut off. */
export const saysCutOff = (log: string): boolean => SAID.test(log);

export const cutOff = (file: string, seconds?: number): Refusal =>
  new Refusal(
    `${file} is cut off${seconds === undefined ? '' : ` after ${seconds.toFixed(1)} s`}: it is shorter than it says itself; copy it again from where it came`,
  );

/**
 * Finds out before the work, not after it, whether a file is cut off: shorter than its outermost parts say they are.
 * Not all containers say so.
 *
 * @throws {Refusal} when it is.
 */
export async function refuseCutOff({ source, file, container }: { source: string; file: string; container: string }) {
  const promised = Object.entries(PROMISED).find(([name]) => container.split(',').includes(name))?.[1];
  // What lies in a store came there whole.
  if (!promised || source.startsWith('http://')) return;
  const handle = await open(source);
  try {
    const { size } = await handle.stat();
    if ((await promised(handle, size)) > size) throw cutOff(file);
  } finally {
    await handle.close();
  }
}

/** How long a file says it is at least, by its container. */
const PROMISED: Readonly<Record<string, (file: FileHandle, size: number) => Promise<number>>> = {
  mov: boxes,
  matroska: segment,
  avi: riff,
};

/**
 * ISO/IEC 14496-12, 4.2: boxes one after the other, each with its length in front; 1 is a longer number, 0 all the
 * rest.
 */
async function boxes(file: FileHandle, size: number): Promise<number> {
  for (let at = 0; at + 8 <= size; ) {
    const head = await read(file, at, 16);
    const short = head.readUInt32BE(0);
    const length = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short;
    // Of what else a file may end with, nothing is missed.
    if (length < 8 || (at + length > size && !['mdat', 'moof'].includes(head.toString('latin1', 4, 8)))) return 0;
    at += length;
    if (at > size) return at;
  }
  return 0;
}

/**
 * RFC 8794: an element's number and its length, both with as many bytes as the first byte has leading zeros, and one.
 */
async function segment(file: FileHandle): Promise<number> {
  const head = await read(file, 0, 4096);
  let at = 0;
  /** Not a number where it isn't known, or none: it is damaged. */
  const vint = (marked: boolean): number => {
    const first = head[at] ?? 0;
    if (first === 0) return Number.NaN;
    const bytes = Math.clz32(first) - 23;
    let value = marked ? first : first - 2 ** (8 - bytes);
    // All ones: it isn't known.
    let unknown = first === 2 ** (9 - bytes) - 1;
    for (let i = 1; i < bytes; i++) {
      const byte = head[at + i] ?? 0;
      value = value * 256 + byte;
      unknown &&= byte === 255;
    }
    at += bytes;
    return unknown ? Number.NaN : value;
  };
  while (at < head.length) {
    const id = vint(true);
    const length = vint(false);
    if (Number.isNaN(length)) return 0;
    at += length;
    if (id === SEGMENT) return at;
  }
  return 0;
}

const SEGMENT = 0x18538067;

/** Some writers count the header in, or twice; with so little the pictures are there, if not all of their index. */
const RIFF_SLACK = 4096;

/** RIFF, one or several: four letters and the length. */
async function riff(file: FileHandle, size: number): Promise<number> {
  let at = 0;
  while (at + 8 <= size) {
    const head = await read(file, at, 8);
    if (head.toString('latin1', 0, 4) !== 'RIFF') return 0;
    at += 8 + head.readUInt32LE(4);
  }
  return at - RIFF_SLACK;
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
