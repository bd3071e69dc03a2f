import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BUILT = join(homedir(), '.cache', 'montage', 'bin', 'minio');
const START_SECONDS = 60;

/** A MinIO of its own for a test, with an empty data folder that goes with it. */
export interface MinioServer {
  url: string;
  accessKey: string;
  secretKey: string;
  stop(): Promise<void>;
  /** Kills it and starts it again at the same address with the same data, as after a crash. */
  restart(downMilliseconds: number): Promise<void>;
}

const isProgram = (path: string) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
const go = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'go'))
  .find(isProgram);

/** Why no MinIO can be had here, or null when one can: MINIO_BIN, one built before, or Go to build it with. */
export const minioMissing: string | null =
  process.env.MINIO_BIN || isProgram(BUILT) || go ? null : 'no MinIO here: set MINIO_BIN, or install Go to build it';

async function program(): Promise<string> {
  if (process.env.MINIO_BIN) return process.env.MINIO_BIN;
  if (!isProgram(BUILT)) {
    if (!go) throw new Error(minioMissing ?? 'no MinIO');
    await mkdir(join(BUILT, '..'), { recursive: true });
    await run(go, ['install', 'github.com/minio/minio@latest'], {
      env: { ...process.env, CGO_ENABLED: '0', GOBIN: join(BUILT, '..') },
    });
  }
  return BUILT;
}

/** Starts a MinIO on a free port of 127.0.0.1. `environment` adds to its own, for example a webhook: MINIO_NOTIFY_WEBHOOK_…. */
export async function startMinio(environment: Record<string, string> = {}): Promise<MinioServer> {
  const path = await program();
  const folder = await mkdtemp(join(tmpdir(), 'montage-minio-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [accessKey, secretKey] = ['montage-test', crypto.randomUUID()];
  let child: ChildProcess;
  const start = async () => {
    const consolePort = await freePort();
    child = spawn(
      path,
      ['server', '--quiet', '--address', `127.0.0.1:${port}`, '--console-address', `127.0.0.1:${consolePort}`, folder],
      {
        stdio: 'ignore',
        env: {
          ...process.env,
          MINIO_ROOT_USER: accessKey,
          MINIO_ROOT_PASSWORD: secretKey,
          MINIO_BROWSER: 'off',
          MINIO_UPDATE: 'off',
          ...environment,
        },
      },
    );
    await untilLive(url, child);
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url,
    accessKey,
    secretKey,
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
    async restart(downMilliseconds) {
      await kill();
      await sleep(downMilliseconds);
      await start();
    },
  };
}

async function untilLive(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_SECONDS * 1000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`MinIO ended with ${child.exitCode} instead of starting`);
    // Its health says ready before it answers; then it refuses a request without a signature.
    const answer = await fetch(url).catch(() => null);
    if (answer?.status === 403) return;
    await sleep(50);
  }
  throw new Error(`MinIO did not start within ${START_SECONDS} s`);
}

/** A port of loopback that is free just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port of loopback is free');
  return address.port;
}
