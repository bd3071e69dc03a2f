import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findGpus } from './dawn.ts';

const LONGEST_MS = 20_000;

/**
 * Whether WebGPU finds a GPU here. Asked in a process of its own: where there is none, drivers and loader say so on standard
 * error in words that are for nobody, and a broken driver takes the process with it. `LOG_LEVEL=debug` shows what they say.
 */
export async function isThereAGpu(): Promise<boolean> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    stdio: ['ignore', 'ignore', process.env.LOG_LEVEL === 'debug' ? 'inherit' : 'ignore'],
    timeout: LONGEST_MS,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === FOUND;
}

/** No code that a process ends with by accident. */
const FOUND = 42;

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit((await findGpus()).length > 0 ? FOUND : 0);
