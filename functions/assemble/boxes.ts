import { type FileHandle, open } from 'node:fs/promises';

interface Box {
  type: string;
  /** Where its header begins, and its length with that, in bytes. */
  at: number;
  bytes: number;
}

const HEADER_BYTES = 8;
const COMMENT = Buffer.from('\xa9cmt', 'latin1');
/** Between a comment's name and its text: the header of its one box, what kind of text it is, and its language. */
const BEFORE_TEXT = 16;

/** The outermost boxes of an MP4 (ISO/IEC 14496-12) of less than 4 GiB, up to its media. */
async function* boxesOf(file: FileHandle): AsyncGenerator<Box> {
  const header = Buffer.alloc(HEADER_BYTES);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(header, 0, HEADER_BYTES, at);
    const bytes = header.readUInt32BE(0);
    if (bytesRead < HEADER_BYTES || bytes < HEADER_BYTES) return;
    yield { type: header.toString('latin1', 4, 8), at, bytes };
    at += bytes;
  }
}

/** Whether an MP4's `moov` box comes before its `mdat`, so that it can be played while it loads. */
export async function startsWithIndex(path: string): Promise<boolean> {
  await using file = await open(path);
  for await (const { type } of boxesOf(file)) {
    if (type === 'moov') return true;
    if (type === 'mdat') return false;
  }
  return false;
}

/** What an MP4 says as its comment, as ffmpeg writes it; null where it says nothing. Reads its index only. */
export async function commentOf(path: string): Promise<string | null> {
  await using file = await open(path);
  for await (const { type, at, bytes } of boxesOf(file)) {
    if (type !== 'moov') continue;
    const index = Buffer.alloc(bytes);
    await file.read(index, 0, bytes, at);
    const name = index.indexOf(COMMENT);
    if (name < 0) return null;
    const end = name - 4 + index.readUInt32BE(name - 4);
    return index.toString('utf8', name + COMMENT.length + BEFORE_TEXT, end);
  }
  return null;
}
