import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Analysis } from '../../shared/api/client.ts';
import { MUSIC_EXTENSIONS } from '../../shared/keys.ts';
import { ownSets, ownSongs } from '../../shared/owner.ts';
import { Refusal } from '../../shared/refusal.ts';
import { bringIn } from './bring-in.ts';
import { colours } from './colours.ts';
import { interrupted, WrongUse } from './exit.ts';
import { isVideoName } from './footage.ts';
import { LiveLine } from './live-line.ts';
import { type CommonOptions, openSession, type Session } from './session.ts';

const POLL_MS = 100;

/** A file and what it is called in the store. */
interface Brought {
  file: string;
  bucket: 'input' | 'music';
  key: string;
}

const isMusicName = (name: string) =>
  (MUSIC_EXTENSIONS as readonly string[]).includes(extname(name).slice(1).toLowerCase());

/** Prints what is found in clips and songs, one JSON object a line with --json, else in words. */
export async function analyze(files: string[], options: CommonOptions): Promise<void> {
  for (const file of files) await checkName(file);
  await using session = await openSession(options, { works: true });
  const folder = `analyze-${randomUUID().slice(0, 8)}`;
  const owner = await session.owner();
  const objects = files.map((file, i): Brought => {
    const name = `${folder}/${i + 1}/${basename(file)}`;
    return isVideoName(file)
      ? { file, bucket: 'input', key: `${ownSets(owner)}${name}` }
      : { file, bucket: 'music', key: `${ownSongs(owner)}${name}` };
  });
  let rejected = 0;
  try {
    for (const { file, bucket, key } of objects) await bringIn(session, bucket, key, resolve(file));
    using line = new LiveLine(process.stderr, options.quiet ?? false);
    let server = session.client.server;
    for (const [i, object] of objects.entries()) {
      const { file } = object;
      if (process.stderr.isTTY) line.show(`Looking at ${file} (${i + 1} of ${files.length})`);
      const analysis = await untilAnalysed(session, object, async () => {
        if (session.client.server === server) return;
        server = session.client.server;
        for (const left of objects.slice(i)) await bringAgain(session, left);
      });
      if (analysis.kind === 'rejected') {
        rejected += 1;
        process.stderr.write(`${colours(process.stderr).red(`${file}: ${analysis.reason}`)}\n`);
      } else {
        const { kind, ...found } = analysis;
        process.stdout.write(`${options.json ? JSON.stringify({ kind, file, ...found }) : inWords(file, analysis)}\n`);
      }
    }
  } finally {
    if (session.folder) {
      // Only links of ours lie there.
      const { root } = session.folder;
      const folders = [join('input', `${ownSets(owner)}${folder}`), join('music', `${ownSongs(owner)}${folder}`)];
      await Promise.all(folders.map((each) => rm(join(root, each), { recursive: true, force: true })));
    } else {
      // That something stays behind takes nothing from what was found.
      await Promise.all(objects.map(({ bucket, key }) => session.client.removeUpload(bucket, key).catch(() => {})));
    }
  }
  if (rejected > 0) throw new Refusal(`${rejected} of ${files.length} files can't be used`);
}

async function checkName(file: string): Promise<void> {
  const found = await stat(resolve(file)).catch(() => null);
  if (!found?.isFile()) throw new WrongUse(`There is no file ${file}; name clips or songs`);
  if (!isVideoName(file) && !isMusicName(file))
    throw new WrongUse(`${file} is not named like a video or a song; name one that is`);
}

async function untilAnalysed(
  session: Session,
  { bucket, key }: Brought,
  afterLook: () => Promise<void>,
): Promise<Analysis> {
  for (;;) {
    const found = await session.client.analysis(bucket, key);
    if (found) return found;
    const sentence = session.trouble({ bucket, key });
    if (sentence) throw new Refusal(sentence);
    await afterLook();
    await sleep(POLL_MS, undefined, { signal: interrupted });
  }
}

/** A runtime that took over knows of open jobs, but not of what arrived outside of one while there was none. */
async function bringAgain(session: Session, { file, bucket, key }: Brought): Promise<void> {
  await session.client.removeUpload(bucket, key);
  await bringIn(session, bucket, key, resolve(file));
}

function inWords(file: string, analysis: Exclude<Analysis, { kind: 'rejected' }>): string {
  if (analysis.kind === 'footage') {
    const { width, height, frameRate, durationSeconds, shots } = analysis;
    const rows = shots.map(
      (shot, i) =>
        `  shot ${i + 1}  ${shot.startSeconds.toFixed(2)}–${shot.endSeconds.toFixed(2)} s  motion ${shot.motion.toFixed(2)}  sharpness ${shot.sharpness.toFixed(2)}  exposure ${shot.exposure.toFixed(2)}`,
    );
    return [
      `${file}: ${durationSeconds.toFixed(2)} s, ${width}×${height}, ${frameRate} frames/s, ${shots.length} ${shots.length === 1 ? 'shot' : 'shots'}`,
      ...rows,
    ].join('\n');
  }
  const { durationSeconds, tempo, beats, sections, loudnessLufs } = analysis;
  const rows = sections.map(
    ({ start, end, label, energy }) =>
      `  ${label.padEnd(6)} ${start.toFixed(2)}–${end.toFixed(2)} s  energy ${energy.toFixed(2)}`,
  );
  const pulse = tempo > 0 ? `${tempo.toFixed(1)} beats a minute, ${beats.length} beats` : 'no pulse';
  return [`${file}: ${durationSeconds.toFixed(2)} s, ${pulse}, ${loudnessLufs.toFixed(1)} LUFS`, ...rows].join('\n');
}
