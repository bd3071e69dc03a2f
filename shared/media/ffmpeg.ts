import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { observe } from '../metrics/record.ts';
import { openSubspan } from '../traces/spans.ts';
import { mediaEnvironment } from './environment.ts';
import { mediaTools } from './tools.ts';

/** Demuxers that read plain media. Playlists, concat scripts and devices aren't among them: a clip can't name another file. */
const DEMUXERS = [
  'mov',
  'mp4',
  'm4a',
  '3gp',
  '3g2',
  'mj2',
  'matroska',
  'webm',
  'avi',
  'mpeg',
  'mpegts',
  'mpegvideo',
  'asf',
  'flv',
  'ogg',
  'mxf',
  'mp3',
  'wav',
  'flac',
  'aac',
  'aiff',
  'w64',
  'h264',
  'hevc',
  'rawvideo',
  's16le',
  'f32le',
].join(',');

/** What a source may be read by: a file never leads to the network, nor our own byte-range bridge (http over tcp) to a file. */
const PROTOCOLS = { file: 'file', bridge: 'http,tcp' } as const;

const LOG_LINES = 12;
const MEMORY_LIMIT_KIB = 6 * 1024 * 1024;

interface FfmpegProgress {
  frame: number;
  seconds: number;
}

interface FfmpegOptions {
  /** Killed with a `FfmpegError` after this long. */
  timeLimitSeconds: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FfmpegProgress) => void) | undefined;
  /** Further pipes, for inputs or outputs, from file descriptor 3 on, as `pipe:3`, `pipe:4` …; descriptor 1 is standard output. */
  extraPipes?: number;
}

/** ffmpeg ended with an error, ran out of time or was stopped. `log` has its last lines. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  readonly log: readonly string[];
  constructor(message: string, log: readonly string[]) {
    super(message);
    this.log = log;
  }
}

/** Options before `-i` and the input itself, for a path or a bridge URL. Any file name is safe: dashes, colons, quotes, newlines. */
export function input(source: string, ...options: string[]): string[] {
  const bridged = source.startsWith('http://127.0.0.1:');
  const protocols = bridged ? PROTOCOLS.bridge : PROTOCOLS.file;
  const named = bridged ? source : `file:${source}`;
  return ['-protocol_whitelist', protocols, '-format_whitelist', DEMUXERS, ...options, '-i', named];
}

interface RunningFfmpeg {
  stdout: Readable;
  /** Our ends of descriptors 3, 4 …, as many as `extraPipes` asked for. */
  pipes: Duplex[];
  /** Resolves when it has ended well, with all that it wrote to its log; rejects with `FfmpegError`, or the signal's reason. */
  ended: Promise<{ log: string }>;
}

/** The only place that starts ffmpeg. `args` are what follows the general options; inputs are made by `input`. */
export async function startFfmpeg(args: readonly string[], options: FfmpegOptions): Promise<RunningFfmpeg> {
  const { ffmpeg } = await mediaTools();
  return start(
    'ffmpeg',
    ffmpeg,
    ['-hide_banner', '-nostdin', '-y', '-nostats', ...(options.onProgress ? ['-progress', 'pipe:2'] : []), ...args],
    options,
  );
}

/** Runs ffmpeg to its end and gives back its log. Standard output is thrown away. */
export async function ffmpeg(args: readonly string[], options: FfmpegOptions): Promise<{ log: string }> {
  const running = await startFfmpeg(args, options);
  running.stdout.resume();
  for (const pipe of running.pipes) pipe.resume();
  return running.ended;
}

/** Runs ffprobe and gives back what it printed. */
export async function ffprobe(
  args: readonly string[],
  options: Pick<FfmpegOptions, 'timeLimitSeconds' | 'signal'>,
): Promise<string> {
  const { ffprobe: program } = await mediaTools();
  const running = start('ffprobe', program, ['-hide_banner', ...args], options);
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await running.ended;
  return Buffer.concat(chunks).toString('utf8');
}

const alive = new Set<ChildProcess>();
// ffmpeg must never outlive its function, whatever ends that.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

function start(
  name: 'ffmpeg' | 'ffprobe',
  program: string,
  args: readonly string[],
  options: FfmpegOptions,
): RunningFfmpeg {
  options.signal?.throwIfAborted();
  const begun = performance.now();
  const endSpan = openSubspan(name, {});
  const [command, argv] = limited(program, args);
  const child = spawn(command, argv, {
    stdio: ['ignore', 'pipe', 'pipe', ...Array<'pipe'>(options.extraPipes ?? 0).fill('pipe')],
    windowsHide: true,
    env: mediaEnvironment(process.env),
  });
  alive.add(child);
  const log: string[] = [];
  let rest = '';
  const progress: Record<string, string> = {};
  const takeLine = (line: string) => {
    const pair = options.onProgress && /^([a-z0-9_]+)=\s*(\S*)$/.exec(line);
    if (!pair) {
      if (line.trim()) log.push(line);
      if (log.length > 2000) log.splice(0, 1000);
      return;
    }
    progress[pair[1] as string] = pair[2] as string;
    if (pair[1] === 'progress') {
      options.onProgress?.({
        frame: Number(progress.frame ?? 0),
        seconds: Math.max(0, Number(progress.out_time_ms ?? 0) / 1e6 || 0),
      });
    }
  };
  (child.stderr as Readable).setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(line);
  });
  let late = false;
  const ended = new Promise<{ log: string }>((resolve, reject) => {
    const stop = () => child.kill('SIGKILL');
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, options.timeLimitSeconds * 1000);
    options.signal?.addEventListener('abort', stop, { once: true });
    child.on('error', (error) => reject(new FfmpegError(`ffmpeg could not be started: ${error.message}`, [])));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      alive.delete(child);
      options.signal?.removeEventListener('abort', stop);
      if (rest) takeLine(rest);
      const last = log.slice(-LOG_LINES);
      if (options.signal?.aborted) reject(options.signal.reason);
      else if (late) reject(new FfmpegError(`ffmpeg was stopped after ${options.timeLimitSeconds} s`, last));
      else if (code !== 0)
        reject(
          new FfmpegError(
            `ffmpeg ended with ${signal ?? `exit code ${code}`}: ${last.at(-1) ?? 'it said nothing'}`,
            last,
          ),
        );
      else resolve({ log: log.join('\n') });
    });
  });
  const note = (outcome: string, error?: unknown) => {
    observe('mediaRuns', { program: name, outcome }, (performance.now() - begun) / 1000);
    endSpan(error);
  };
  // Whoever waits for the pipes first may be told of the failure later; that isn't an unhandled one.
  ended.then(
    () => note('done'),
    (error: unknown) => note(options.signal?.aborted ? 'stopped' : late ? 'late' : 'failed', error),
  );
  return { stdout: child.stdout as Readable, pipes: child.stdio.slice(3) as Duplex[], ended };
}

/** On POSIX a shell sets the address space limit and becomes the program; elsewhere the program runs as it is. */
function limited(program: string, args: readonly string[]): [string, string[]] {
  if (process.platform !== 'linux') return [program, [...args]];
  return ['/bin/sh', ['-c', `ulimit -v ${MEMORY_LIMIT_KIB} 2>/dev/null; exec "$0" "$@"`, program, ...args]];
}
