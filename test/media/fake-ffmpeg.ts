import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A stand-in for ffmpeg that has one filter and one encoder, and keeps the environment it is given in a file `.env` beside it. */
export async function fakeFfmpeg(folder: string, name: string, encoder: string): Promise<string> {
  const path = join(folder, name);
  const script = [
    '#!/bin/sh',
    `case "$*" in`,
    `  *-encoders*) echo ' V..... ${encoder} an encoder' ;;`,
    `  *-version*) echo 'ffmpeg version 9.0' ;;`,
    `  *-filters*) echo ' TS scale V->V Scales' ;;`,
    `  *) env > '${path}.env' ;;`,
    'esac',
  ];
  await writeFile(path, `${script.join('\n')}\n`);
  await chmod(path, 0o755);
  return path;
}
