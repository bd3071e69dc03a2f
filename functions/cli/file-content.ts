import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { contentIdOf } from '../../shared/api/send-in-parts.ts';
import { partBytesFor, partNumbers, rangeOfPart } from '../../shared/parts.ts';

/** What a server knows a file by, whatever it is called. */
export interface FileContent {
  bytes: number;
  /** What it is looked for by; other files of that size may have it too. */
  content: string;
  /** The ETags under which a store may have this very file: it was sent as one, or in parts. */
  etags: readonly [whole: string, inParts: string];
}

export async function contentOfFile(path: string): Promise<FileContent> {
  const file = await openAsBlob(path);
  const cut = { bytes: file.size, partBytes: partBytesFor(file.size) };
  const whole = createHash('md5');
  const ofParts = createHash('md5');
  const numbers = partNumbers(cut);
  for (const number of numbers) {
    const { start, end } = rangeOfPart(cut, number);
    const part = createHash('md5');
    for await (const chunk of file.slice(start, end).stream()) {
      whole.update(chunk);
      part.update(chunk);
    }
    ofParts.update(part.digest());
  }
  const etags = [whole.digest('hex'), `${ofParts.digest('hex')}-${numbers.length}`] as const;
  return { bytes: file.size, content: await contentIdOf(file, sha256), etags };
}

/** Of some bytes of a file, in hex. */
export async function sha256(bytes: Blob): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes.stream()) hash.update(chunk);
  return hash.digest('hex');
}
