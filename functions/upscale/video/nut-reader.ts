import { FILE_ID, FLAG, LONG_FRAME, LONG_PACKET, N, STARTCODE, type TimeBase } from './nut.ts';

interface Frame {
  /** On the file's time base. */
  pts: number;
  /** Nobody else's: it may be kept and changed. */
  data: Uint8Array<ArrayBuffer>;
}

/** What a frame is if its own header doesn't say otherwise. */
interface FrameCode {
  flags: number;
  ptsDelta: number;
  sizeMul: number;
  sizeLsb: number;
  reserved: number;
  headerIndex: number;
}

/** Reads what ffmpeg writes with one stream of raw pictures, no more than one of them ahead. */
export class NutReader {
  readonly timeBase: TimeBase;
  readonly #incoming: Incoming;
  readonly #codes: readonly FrameCode[];
  /** What frames begin with that their bytes leave out. */
  readonly #elided: readonly Uint8Array[];
  /** How many bits a time may be shortened to. */
  readonly #shift: number;
  #last = 0;

  private constructor(incoming: Incoming, main: MainHeader, shift: number) {
    this.#incoming = incoming;
    this.timeBase = main.timeBase;
    this.#codes = main.codes;
    this.#elided = main.elided;
    this.#shift = shift;
  }

  /** Null where there isn't a byte. */
  static async open(bytes: AsyncIterable<Uint8Array>): Promise<NutReader | null> {
    const incoming = new Incoming(bytes);
    if ((await incoming.peek()) === null) return null;
    const id = Buffer.from(await incoming.exactly(FILE_ID.length)).toString('latin1');
    if (id !== FILE_ID) throw new Error('What ffmpeg writes is no NUT');
    const main = mainHeader(await headerOf(incoming, STARTCODE.main));
    const stream = await headerOf(incoming, STARTCODE.stream);
    const [, , fourcc] = [stream.varint(), stream.varint(), stream.varint()];
    stream.skip(fourcc);
    const [, shift] = [stream.varint(), stream.varint()];
    return new NutReader(incoming, main, shift);
  }

  async *frames(): AsyncGenerator<Frame, void> {
    for (let code = await this.#incoming.peek(); code !== null; code = await this.#incoming.peek()) {
      if (code !== N) yield await this.#frame();
      else {
        const [startcode, packet] = await packetOf(this.#incoming);
        if (startcode === STARTCODE.syncpoint) this.#last = packet.varint();
      }
    }
  }

  async #frame(): Promise<Frame> {
    const incoming = this.#incoming;
    const code = this.#codes[(await incoming.exactly(1))[0] as number] as FrameCode;
    const flags = code.flags & FLAG.coded ? code.flags ^ (await incoming.varint()) : code.flags;
    if (flags & (FLAG.invalid | FLAG.sideData)) throw new Error('ffmpeg wrote a frame of NUT that is not a plain one');
    if (flags & FLAG.streamId) await incoming.varint();
    this.#last = flags & FLAG.codedPts ? this.#whole(await incoming.varint()) : this.#last + code.ptsDelta;
    const size = code.sizeLsb + (flags & FLAG.sizeMsb ? code.sizeMul * (await incoming.varint()) : 0);
    if (flags & FLAG.matchTime) await incoming.varint();
    const index = flags & FLAG.headerIndex ? await incoming.varint() : code.headerIndex;
    const reserved = flags & FLAG.reserved ? await incoming.varint() : code.reserved;
    for (let i = 0; i < reserved; i++) await incoming.varint();
    if (flags & FLAG.checksum) await incoming.exactly(4);
    const elided = size > LONG_FRAME ? undefined : this.#elided[index];
    const data = new Uint8Array(size);
    data.set(elided ?? []);
    await incoming.fill(data.subarray(elided?.length ?? 0));
    return { pts: this.#last, data };
  }

  /** The time near the last one whose lowest bits are those that were written, unless all were. */
  #whole(coded: number): number {
    const span = 2 ** this.#shift;
    if (coded >= span) return coded - span;
    const from = this.#last - Math.floor((span - 1) / 2);
    return from + ((((coded - from) % span) + span) % span);
  }
}

interface MainHeader {
  timeBase: TimeBase;
  codes: FrameCode[];
  elided: Uint8Array[];
}

function mainHeader(packet: Packet): MainHeader {
  const version = packet.varint();
  if (version > 3) packet.varint();
  const [streams, , timeBases] = [packet.varint(), packet.varint(), packet.varint()];
  if (streams !== 1 || timeBases !== 1)
    throw new Error(`ffmpeg wrote a NUT of ${streams} streams, where one was asked for`);
  const timeBase = { num: packet.varint(), den: packet.varint() };
  const codes: FrameCode[] = [];
  let [ptsDelta, sizeMul, headerIndex] = [0, 1, 0];
  while (codes.length < 256) {
    const [flags, fields] = [packet.varint(), packet.varint()];
    if (fields > 0) ptsDelta = packet.signed();
    if (fields > 1) sizeMul = packet.varint();
    if (fields > 2) packet.varint();
    const sizeFrom = fields > 3 ? packet.varint() : 0;
    const reserved = fields > 4 ? packet.varint() : 0;
    const count = fields > 5 ? packet.varint() : sizeMul - sizeFrom;
    if (fields > 6) packet.signed();
    if (fields > 7) headerIndex = packet.varint();
    for (let field = 8; field < fields; field++) packet.varint();
    const same = { ptsDelta, sizeMul, reserved, headerIndex };
    for (let i = 0; i < count; i++) {
      if (codes.length === N) codes.push({ flags: FLAG.invalid, ...same, sizeLsb: 0 });
      codes.push({ flags, ...same, sizeLsb: sizeFrom + i });
    }
  }
  const elided: Uint8Array[] = [new Uint8Array()];
  // What follows is newer than the format.
  const more = packet.left > 0 ? packet.varint() : 0;
  for (let i = 0; i < more; i++) elided.push(packet.take(packet.varint()));
  return { timeBase, codes, elided };
}

/** The packet that starts with `startcode`, past all others. */
async function headerOf(incoming: Incoming, startcode: bigint): Promise<Packet> {
  for (;;) {
    const [found, packet] = await packetOf(incoming);
    if (found === startcode) return packet;
  }
}

async function packetOf(incoming: Incoming): Promise<[startcode: bigint, packet: Packet]> {
  const startcode = Buffer.from(await incoming.exactly(8)).readBigUInt64BE();
  if (!Object.values<bigint>(STARTCODE).includes(startcode)) throw new Error('What ffmpeg writes stops being NUT');
  const length = await incoming.varint();
  if (length > LONG_PACKET) await incoming.exactly(4);
  const packet = await incoming.exactly(length);
  return [startcode, new Packet(packet.subarray(0, length - 4))];
}

/** What a packet holds, without its checksum: a pipe within one machine loses nothing. */
class Packet {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new Error('A header of the NUT that ffmpeg writes is too short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  skip(length: number): void {
    this.take(length);
  }

  varint(): number {
    for (let value = 0; ; ) {
      const byte = this.take(1)[0] as number;
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  }

  /** 0, 1, -1, 2, -2 … */
  signed(): number {
    const value = this.varint();
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
  }
}

/** Bytes as they come in chunks; the next chunk is asked for when the last one is used up. */
class Incoming {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]();
  }

  /** The next byte, which stays the next one; null at the end. */
  async peek(): Promise<number | null> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return null;
      this.#chunk = next.value;
    }
    return this.#chunk[0] as number;
  }

  async fill(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let filled = 0; filled < bytes.length; ) {
      if ((await this.peek()) === null) throw new Error('What ffmpeg writes ends within a picture');
      const part = this.#chunk.subarray(0, bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
  }

  async exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    await this.fill(bytes);
    return bytes;
  }

  async varint(): Promise<number> {
    for (let value = 0; ; ) {
      const byte = (await this.exactly(1))[0] as number;
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  }
}
