import type { Readable } from 'node:stream';

/** Cuts a stream of bytes into records of `size` and hands each to `onRecord`, which must not keep it. A last part is dropped. */
export async function eachRecord(
  stream: Readable,
  size: number,
  onRecord: (record: Uint8Array) => void,
): Promise<void> {
  const record = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(size - filled, chunk.length - at);
      record.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < size) continue;
      onRecord(record);
      filled = 0;
    }
  }
}
