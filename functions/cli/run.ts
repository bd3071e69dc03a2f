import { createHash } from 'node:crypto';
import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { MUSIC_EXTENSIONS, VIDEO_EXTENSIONS } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Format, Quality } from '../../shared/request.ts';
import type { JobStatus } from '../../shared/status.ts';
import { resolveStyle } from '../../shared/styles/built-in.ts';
import { md5OfFile } from '../../storage/folder-etags.ts';
import { bringIn } from './bring-in.ts';
import type { Client } from './client.ts';
import { WrongUse } from './exit.ts';
import { follow } from './follow.ts';
import { type NamedFootage, namedByContent, namedFootage } from './footage.ts';
import { fetchOutputs } from './outputs.ts';
import { type CommonOptions, openSession } from './session.ts';
import { stylesOfStore } from './styles.ts';
import { untilStill } from './until-still.ts';

export interface MontageOptions extends CommonOptions {
  duration?: number;
  format?: Format;
  quality: Quality;
  seed: number;
  set?: Record<string, string>;
  output: string;
}

export interface RunOptions extends MontageOptions {
  footage: string[];
  music: string;
}

/** Cuts clips to a song: from the files that a person named to the finished ones. */
export async function run(style: string, options: RunOptions): Promise<void> {
  // All that can be wrong with the words is said before anything is started.
  if (!options.server) await checkStyle(style, options);
  const output = await checkOutput(options.output);
  const named = await namedFootage(options.footage);
  const music = await checkMusic(options.music);
  await using session = await openSession(options, { works: true });
  // What is linked can be named by where it lies; what is uploaded lies among others' and is named by what it is.
  if (!session.folder) for (const path of [...named.clips.map((clip) => clip.path), music]) await untilStill(path);
  const footage = session.folder ? named : await namedByContent(named);
  for (const { name, path } of footage.clips) await bringIn(session, 'input', `${footage.footageSet}/${name}`, path);
  const musicName = session.folder
    ? createHash('sha256').update(music).digest('hex').slice(0, 8)
    : await md5OfFile(music);
  const musicKey = `${musicName}/${basename(music)}`;
  await bringIn(session, 'music', musicKey, music);
  const request = {
    style,
    set: options.set ?? {},
    footageSet: footage.footageSet,
    clips: footage.clips.map(({ name }) => `${footage.footageSet}/${name}`),
    music: musicKey,
    quality: options.quality,
    seed: options.seed,
    ...(options.duration ? { durationSeconds: options.duration } : {}),
    ...(options.format ? { format: options.format } : {}),
  };
  const asked = await ask(session.client, request, await versionsOf([...footage.clips.map(({ path }) => path), music]));
  const done = await follow(session, asked, options);
  await fetchOutputs(session.client, done, output, pathsOf(footage, music, musicKey), options);
}

/**
 * The job of a request: the one that is still open from a run that was broken off, else a new one, which finds all that was
 * made before in the cache.
 */
async function ask(
  client: Client,
  request: Parameters<Client['createJob']>[0],
  versions: string[],
): Promise<JobStatus> {
  const identity = createHash('sha256')
    .update(JSON.stringify([request, versions]))
    .digest('hex');
  for (let turn = 1; ; turn += 1) {
    const job = await client.createJob(request, `${identity}-${turn}`);
    if (!['done', 'failed', 'cancelled'].includes(job.state)) return job;
  }
}

/** What tells a file from what it was before somebody changed it. */
async function versionsOf(paths: string[]): Promise<string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${size} ${mtimeMs}`;
    }),
  );
}

async function checkStyle(style: string, options: MontageOptions): Promise<void> {
  const own = await stylesOfStore(options);
  try {
    resolveStyle(style, own, options.set ?? {});
  } catch (error) {
    throw error instanceof Refusal ? new WrongUse(error.message) : error;
  }
}

async function checkMusic(named: string): Promise<string> {
  const path = resolve(named);
  const found = await stat(path).catch(() => null);
  if (!found) throw new WrongUse(`There is no file ${named}; check the name given to --music`);
  if (!found.isFile()) throw new WrongUse(`${named} is a folder; name one song with --music`);
  const known: readonly string[] = [...MUSIC_EXTENSIONS, ...VIDEO_EXTENSIONS];
  if (!known.includes(extname(path).slice(1).toLowerCase())) {
    throw new WrongUse(
      `${named} is not named like a song (${MUSIC_EXTENSIONS.slice(0, 5).join(', ')} …); name one with --music`,
    );
  }
  return path;
}

/** Found out before the work, not after it. */
async function checkOutput(named: string): Promise<string> {
  const path = resolve(named);
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory())
    throw new WrongUse(
      `${named} is a folder; name the video itself, for example ${named.replace(/\/+$/, '')}/montage.mp4`,
    );
  if (extname(path).toLowerCase() !== '.mp4') throw new WrongUse(`${named} must end in .mp4: that is what is made`);
  const folder = dirname(path);
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  const overwritable =
    !there ||
    (await access(path, constants.W_OK).then(
      () => true,
      () => false,
    ));
  if (!writable || !overwritable)
    throw new Refusal(
      `${named} can't be written: ${(await stat(folder).catch(() => null)) ? 'you may not write there' : `there is no folder ${folder}`}; choose another place with -o`,
    );
  return path;
}

/** From what things are called in the store to where they lie on this machine. */
function pathsOf(footage: NamedFootage, music: string, musicKey: string): Map<string, string> {
  return new Map([
    ...footage.clips.map(({ name, path }) => [`${footage.footageSet}/${name}`, path] as const),
    [musicKey, music] as const,
  ]);
}
