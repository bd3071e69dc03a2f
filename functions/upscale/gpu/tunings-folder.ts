import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Tunings } from './tune.ts';

const FileSchema = z.record(z.string(), z.unknown());

/** What was measured, in one file of a computer's own; one that can't be read is written anew. */
export function tuningsFile(path: string): Tunings {
  const kept = async () => {
    const text = await readFile(path, 'utf8').catch(() => '{}');
    try {
      return FileSchema.parse(JSON.parse(text));
    } catch {
      return {};
    }
  };
  return {
    async get(key) {
      return (await kept())[key] ?? null;
    },
    async put(key, blocking) {
      const unfinished = `${path}.${process.pid}`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(unfinished, JSON.stringify({ ...(await kept()), [key]: blocking }));
        await rename(unfinished, path);
      } catch {}
    },
  };
}
