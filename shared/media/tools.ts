import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fluent from 'fluent-ffmpeg';
import { Refusal } from '../refusal.ts';
import { mediaEnvironment } from './environment.ts';

const run = promisify(execFile);
const OLDEST_SYSTEM_MAJOR = 5;
/** What montages are encoded by; builds without it (Fedora's ffmpeg-free) can only decode for us. */
const ENCODER = 'libx264';

interface MediaTools {
  ffmpeg: string;
  ffprobe: string;
  /** As the program prints it, for example "5.1.9-0+deb12u1". */
  version: string;
  /** Names of the filters that this ffmpeg has. */
  filters: ReadonlySet<string>;
}

let found: Promise<MediaTools> | undefined;

/**
 * The ffmpeg and ffprobe to use: `FFMPEG_PATH` and `FFPROBE_PATH`, else those on the PATH when version 5 or newer and with libx264, else those
 * that the packages @ffmpeg-installer/ffmpeg and @ffprobe-installer/ffprobe bring. Looked for once a process.
 *
 * @throws {Refusal} when `FFMPEG_PATH` is no ffmpeg that will do, or there is none at all.
 */
export function mediaTools(): Promise<MediaTools> {
  found ??= find();
  return found;
}

async function find(): Promise<MediaTools> {
  const named = process.env.FFMPEG_PATH;
  if (named) {
    const version = await versionOf(named);
    if (!version)
      throw new Refusal(`FFMPEG_PATH is ${named}, which is not an ffmpeg that runs here; correct it or unset it`);
    if (!(await canEncode(named)))
      throw new Refusal(`FFMPEG_PATH is ${named}, an ffmpeg without the encoder ${ENCODER}; name another or unset it`);
    const beside = join(dirname(named), 'ffprobe');
    const ffprobe = process.env.FFPROBE_PATH ?? ((await versionOf(beside)) ? beside : bundledFfprobe());
    return complete(named, ffprobe, version);
  }
  const system = await onPath('ffmpeg');
  const systemProbe = await onPath('ffprobe');
  if (system && systemProbe) {
    const version = await versionOf(system);
    if (version && majorOf(version) >= OLDEST_SYSTEM_MAJOR && (await canEncode(system)))
      return complete(system, process.env.FFPROBE_PATH ?? systemProbe, version);
  }
  const bundled = packaged('@ffmpeg-installer/ffmpeg');
  const version = bundled && (await versionOf(bundled));
  if (!bundled || !version)
    throw new Refusal('No ffmpeg was found: install ffmpeg 5 or newer, or set FFMPEG_PATH to one');
  return complete(bundled, process.env.FFPROBE_PATH ?? bundledFfprobe(), version);
}

async function complete(ffmpeg: string, ffprobe: string, version: string): Promise<MediaTools> {
  const { stdout } = await run(ffmpeg, ['-hide_banner', '-filters'], {
    maxBuffer: 1 << 24,
    env: mediaEnvironment(process.env),
  });
  // By hand: fluent-ffmpeg finds no filters in what ffmpeg prints from version 8 on, with two flags instead of three.
  const filters = new Set(stdout.split('\n').flatMap((line) => /^ [T.][S.][C.]? (\w+)\s/.exec(line)?.[1] ?? []));
  return { ffmpeg, ffprobe, version, filters };
}

async function versionOf(program: string): Promise<string | null> {
  try {
    const { stdout } = await run(program, ['-version'], { env: mediaEnvironment(process.env) });
    return /^ff(?:mpeg|probe) version (\S+)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** It reads no file, so it may have the whole environment, as fluent-ffmpeg gives it. */
async function canEncode(ffmpeg: string): Promise<boolean> {
  const command = fluent().setFfmpegPath(ffmpeg);
  const encoders = await promisify(command.getAvailableEncoders.bind(command))();
  return encoders !== undefined && ENCODER in encoders;
}

/** Builds from git have no number; they are taken as new. */
function majorOf(version: string): number {
  const major = /^n?(\d+)\./.exec(version)?.[1];
  return major ? Number(major) : Number.POSITIVE_INFINITY;
}

async function onPath(name: string): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const program = join(folder, name);
    if (
      folder &&
      (await access(program, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return program;
  }
  return null;
}

function packaged(name: string): string | null {
  try {
    return (createRequire(import.meta.url)(name) as { path: string }).path;
  } catch {
    return null;
  }
}

function bundledFfprobe(): string {
  const path = packaged('@ffprobe-installer/ffprobe');
  if (!path) throw new Refusal('No ffprobe was found: install ffmpeg 5 or newer, or set FFPROBE_PATH to one');
  return path;
}
