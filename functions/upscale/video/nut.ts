/*
 * NUT, ffmpeg's own container: raw pictures of any depth, each with its time as a whole number on any time base. The
 * same in all versions since 2008. By the specification "NUT Open Container Format" (ffmpeg.org/~michael/nut.txt);
 * names are as there.
 */

/** A fraction of a second: what one tick of a clock lasts. */
export interface TimeBase {
  num: number;
  den: number;
}

export const FILE_ID = 'nut/multimedia container\0';

/** All start with the letter N, which therefore is no frame code. */
export const STARTCODE = {
  main: 0x4e4d7a561f5f04adn,
  stream: 0x4e5311405bf2f9dbn,
  syncpoint: 0x4e4be4adeeca4569n,
  index: 0x4e58dd672f23e64en,
  info: 0x4e49ab68b596ba78n,
} as const;

export const N = 'N'.charCodeAt(0);

/** What a frame's header has. */
export const FLAG = {
  key: 1,
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;

/** A packet whose length from here on is more than this has a checksum of its header, too. */
export const LONG_PACKET = 4096;
/** Frames longer than this begin with no elided header. */
export const LONG_FRAME = 4096;

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 24;
  for (let bit = 0; bit < 8; bit++) rest = rest & 0x80000000 ? (rest << 1) ^ 0x04c11db7 : rest << 1;
  return rest;
});

/** CRC-32 with the generator 04C11DB7, from zero, highest bit first, not inverted. */
export const checksum = (bytes: Uint8Array): number =>
  bytes.reduce((rest, byte) => ((rest << 8) ^ (CRC[((rest >>> 24) ^ byte) & 255] as number)) >>> 0, 0);
