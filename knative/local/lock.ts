import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../shared/refusal.ts';
import { codeOf } from '../../storage/folder-errors.ts';

/** Path at which a runtime itself, and no function, says that it is there. */
export const LIVE_PATH = '/health/live';

const LIVE_SECONDS = 3;
const TRIES = 5;

const LockSchema = z.object({
  id: z.uuid(),
  url: z.url(),
  startedAt: z.iso.datetime(),
  /** What opens everything there, where people sign in by one. Whoever can read it can read the data beside it. */
  token: z.string().optional(),
});
type Lock = z.infer<typeof LockSchema>;

const LiveSchema = z.object({ status: z.literal('live'), id: z.uuid() });
/** What a runtime answers at `LIVE_PATH`. By its id, for in a container every process has the same number. */
export type Live = z.infer<typeof LiveSchema>;

/**
 * The lock is the file with the highest number. A new one is only ever made with the next number, by a hard link that fails
 * when somebody was first; so there is never a moment at which a dead lock has been taken away and two step in.
 */
const FILE = /^\.runtime-(\d+)\.json$/;
const fileOf = (dataFolder: string, number: number) => join(dataFolder, `.runtime-${number}.json`);

/** The runtime that serves this data folder, or null when there is none, or none that answers. */
export async function findRuntime(dataFolder: string): Promise<Pick<Lock, 'url' | 'token'> | null> {
  const { lock } = await latest(dataFolder);
  return lock && (await answers(lock)) ? { url: lock.url, token: lock.token } : null;
}

/**
 * Makes the runtime `id` the only one of a data folder, until the function that is given back is called. It must answer at
 * `url` already. A lock whose runtime doesn't answer any more is taken over.
 *
 * @throws {Refusal} when another runtime serves the folder.
 */
export async function lockFolder(
  dataFolder: string,
  { id, url, token }: Pick<Lock, 'id' | 'url' | 'token'>,
): Promise<() => Promise<void>> {
  await mkdir(dataFolder, { recursive: true });
  const mine: Lock = { id, url, startedAt: new Date().toISOString(), token };
  const written = join(dataFolder, `.runtime-${randomUUID()}.tmp`);
  await writeFile(written, `${JSON.stringify(mine)}\n`, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { number, lock } = await latest(dataFolder);
      if (lock && (await answers(lock))) {
        throw new Refusal(
          `Montage already runs for the folder ${dataFolder}, at ${lock.url}: use that one, or stop it first`,
        );
      }
      if (await hold(dataFolder, number + 1, written)) return () => release(dataFolder, number + 1);
    }
  } finally {
    await rm(written, { force: true });
  }
  throw new Refusal(`Several Montage processes are starting for the folder ${dataFolder} at once: try again`);
}

/** Takes the lock of this number unless somebody was first; then removes those before it. */
async function hold(dataFolder: string, number: number, written: string): Promise<boolean> {
  if (!(await linked(written, fileOf(dataFolder, number)))) return false;
  const numbers = await lockNumbers(dataFolder);
  const latecomer = numbers.some((other) => other > number);
  const obsolete = latecomer ? [number] : numbers.filter((other) => other < number);
  await Promise.all(obsolete.map((other) => rm(fileOf(dataFolder, other), { force: true })));
  return !latecomer;
}

/** The file stays, for its number, but names no runtime. */
async function release(dataFolder: string, number: number): Promise<void> {
  await writeFile(fileOf(dataFolder, number), '{}\n').catch((error: unknown) => {
    // The whole folder may be gone by now.
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

async function latest(dataFolder: string): Promise<{ number: number; lock: Lock | null }> {
  const number = Math.max(0, ...(await lockNumbers(dataFolder)));
  if (number === 0) return { number, lock: null };
  try {
    return { number, lock: parseLock(await readFile(fileOf(dataFolder, number), 'utf8')) };
  } catch (error) {
    // A later one has taken its place just now.
    if (codeOf(error) === 'ENOENT') return latest(dataFolder);
    throw error;
  }
}

async function lockNumbers(dataFolder: string): Promise<number[]> {
  try {
    return (await readdir(dataFolder)).flatMap((name) => (FILE.test(name) ? [Number(FILE.exec(name)?.[1])] : []));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function parseLock(text: string): Lock | null {
  try {
    return LockSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Whether that very runtime answers at its URL. */
function answers({ url, id }: Lock): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(new URL(LIVE_PATH, url), { agent: false, timeout: LIVE_SECONDS * 1000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(parseLive(text)?.id === id));
      response.on('error', () => resolve(false));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

function parseLive(text: string): Live | null {
  try {
    return LiveSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
