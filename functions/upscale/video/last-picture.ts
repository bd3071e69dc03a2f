import { type FileHandle, open } from 'node:fs/promises';

/** How long a film's pictures are shown, in ticks of its track: all together, and the last one. */
export interface Shown {
  all: number;
  last: number;
}

/**
 * Writes into an MP4 or QuickTime file how long its last picture lasts. ffmpegs before 5 write that it lasts no time,
 * so that players leave it out, unless every picture's time is a multiple of one that lasts a millisecond or more.
 */
export async function giveLastPictureTime(path: string, shown: Shown): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { at, length } = await moovOf(file);
    const moov = Buffer.alloc(length);
    await file.read(moov, 0, length, at);
    if (lengthened(moov, shown)) await file.write(moov, 0, length, at);
  } finally {
    await file.close();
  }
}

async function moovOf(file: FileHandle): Promise<{ at: number; length: number }> {
  const head = Buffer.alloc(16);
  for (let at = 0; (await file.read(head, 0, 16, at)).bytesRead >= 8; ) {
    const length = head.readUInt32BE(0) === 1 ? Number(head.readBigUInt64BE(8)) : head.readUInt32BE(0);
    if (head.toString('latin1', 4, 8) === 'moov') return { at, length };
    if (length < 8) break;
    at += length;
  }
  throw new Error('ffmpeg wrote a file without an index');
}

/**
 * The same, in a `moov` box; false where the last picture lasts some time already. Boxes are those of ISO/IEC 14496-12,
 * 8.
 */
export function lengthened(moov: Buffer, shown: Shown): boolean {
  const whole = { from: 0, to: moov.length };
  const film = inside(moov, whole, 'moov')[0];
  const clock = film && inside(moov, film, 'mvhd')[0];
  const track = film && inside(moov, film, 'trak').find((trak) => handlerOf(moov, trak) === 'vide');
  if (!film || !clock || !track) throw new Error('ffmpeg wrote an index without pictures');
  const [times] = inside(moov, track, 'mdia', 'minf', 'stbl', 'stts');
  const [media] = inside(moov, track, 'mdia', 'mdhd');
  const [header] = inside(moov, track, 'tkhd');
  const [edits] = inside(moov, track, 'edts', 'elst');
  // Of a box, what follows its version and flags; numbers of version 1 have eight bytes.
  const entries = times && moov.readUInt32BE(times.from + 4);
  if (!times || !media || !header || !entries) throw new Error('ffmpeg wrote an index of pictures without their times');
  const lastEntry = times.from + 8 + 8 * (entries - 1);
  if (moov.readUInt32BE(lastEntry + 4) > 0) return false;
  moov.writeUInt32BE(shown.last, lastEntry + 4);
  const ticksASecond = moov.readUInt32BE(media.from + (moov[media.from] === 1 ? 20 : 12));
  add(moov, media, { short: 16, long: 24 }, shown.last);
  const clockTicks = moov.readUInt32BE(clock.from + (moov[clock.from] === 1 ? 20 : 12));
  const all = Math.ceil((shown.all * clockTicks) / ticksASecond);
  const before = edits ? lastEdit(moov, edits, all) : duration(moov, header, { short: 20, long: 28 });
  add(moov, header, { short: 20, long: 28 }, all - before);
  const longest = duration(moov, header, { short: 20, long: 28 });
  const now = duration(moov, clock, { short: 16, long: 24 });
  add(moov, clock, { short: 16, long: 24 }, Math.max(0, longest - now));
  return true;
}

interface Content {
  from: number;
  to: number;
}

/** What is in the boxes that lie within each other by these names. */
function inside(bytes: Buffer, parent: Content, name: string, ...further: string[]): Content[] {
  const found: Content[] = [];
  for (let at = parent.from; at + 8 <= parent.to; ) {
    const length = bytes.readUInt32BE(at);
    if (length < 8) break;
    if (bytes.toString('latin1', at + 4, at + 8) === name) found.push({ from: at + 8, to: at + length });
    at += length;
  }
  const [next, ...rest] = further;
  return next === undefined ? found : found.flatMap((box) => inside(bytes, box, next, ...rest));
}

function handlerOf(bytes: Buffer, track: Content): string | undefined {
  const [handler] = inside(bytes, track, 'mdia', 'hdlr');
  return handler && bytes.toString('latin1', handler.from + 8, handler.from + 12);
}

/** Where a box has a duration, by its version. */
interface Place {
  short: number;
  long: number;
}

function duration(bytes: Buffer, box: Content, { short, long }: Place): number {
  return bytes[box.from] === 1 ? Number(bytes.readBigUInt64BE(box.from + long)) : bytes.readUInt32BE(box.from + short);
}

function add(bytes: Buffer, box: Content, place: Place, ticks: number): void {
  const sum = duration(bytes, box, place) + ticks;
  if (bytes[box.from] === 1) bytes.writeBigUInt64BE(BigInt(sum), box.from + place.long);
  else bytes.writeUInt32BE(sum, box.from + place.short);
}

/** Has the last edit, which shows the pictures, last so long; gives back how long it did. */
function lastEdit(bytes: Buffer, edits: Content, ticks: number): number {
  const at = (bytes.readUInt32BE(edits.from + 4) - 1) * (bytes[edits.from] === 1 ? 20 : 12) + 8;
  const place = { short: at, long: at };
  const before = duration(bytes, edits, place);
  add(bytes, edits, place, ticks - before);
  return before;
}
