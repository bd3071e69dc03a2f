import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectRef } from '../../../shared/events.ts';
import { BUCKETS } from '../../../shared/keys.ts';

/** The objects of a folder store, read without touching it: what functions of another user keep there stays theirs. */
export async function storedObjects(data: string): Promise<ObjectRef[]> {
  const found: ObjectRef[] = [];
  for (const bucket of BUCKETS) {
    const folder = join(data, bucket);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const content = await readFile(path);
      const etag = createHash('md5').update(content).digest('hex');
      found.push({ bucket, key: path.slice(folder.length + 1), etag, size: content.length });
    }
  }
  return found;
}
