import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { Client } from '../../shared/api/client.ts';
import { fromOtio, toOtio } from '../../shared/exports/otio.ts';
import { Refusal } from '../../shared/refusal.ts';
import { type Report, ReportSchema } from '../../shared/report.ts';
import type { JobStatus } from '../../shared/status.ts';
import { colours } from './colours.ts';
import { interrupted } from './exit.ts';
import type { CommonOptions } from './session.ts';

/**
 * Fetches a finished job's files to where the person wants them: the video whole or not at all, the timeline naming the files
 * on this machine (`paths`: by key), the report as it is. Prints what was made.
 */
export async function fetchOutputs(
  client: Client,
  job: JobStatus,
  { path: output, note }: { path: string; note: string | null },
  paths: ReadonlyMap<string, string>,
  options: CommonOptions,
): Promise<void> {
  const stem = output.replace(/\.mp4$/i, '');
  const timeline = fromOtio(await client.output(job.id, 'montage.otio', text));
  const reportText = await client.output(job.id, 'report.json', text);
  const urlOf = ({ key }: { key: string }) => pathToFileURL(paths.get(key) ?? key).href;
  await whole(output, (part) =>
    client.output(job.id, 'montage.mp4', (video) => pipeline(video, createWriteStream(part), { signal: interrupted })),
  );
  await whole(`${stem}.otio`, (part) => writeFile(part, toOtio(timeline, { urlOf })));
  await whole(`${stem}.report.json`, (part) => writeFile(part, reportText));
  const report = ReportSchema.parse(JSON.parse(reportText));
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (!options.quiet) process.stdout.write(`${[summary(output, report), ...(note ? [note] : [])].join('\n')}\n`);
}

function summary(output: string, { output: made, cuts, notes, timings }: Report): string {
  const shape = `${made.width}×${made.height}`;
  const loudness = `${made.loudness.integratedLufs.toFixed(1)} LUFS`;
  const { bold, green } = colours(process.stdout);
  const line = `${output}: ${made.durationSeconds.toFixed(1)} s, ${cuts.length} shots, ${shape}, ${loudness}, made in ${timings.totalSeconds.toFixed(0)} s`;
  return [bold(green(line)), ...notes].join('\n');
}

async function whole(path: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await write(part);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw new Refusal(`There is no room for ${path}: free some space and run the command again`);
    if (code === 'EACCES' || code === 'EROFS')
      throw new Refusal(`${path} can't be written (${code}): choose another place with -o`);
    throw error;
  }
}
