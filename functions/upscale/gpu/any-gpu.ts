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
  return code === ENDS.gpu || code === ENDS.software;
}

/** What the process ends with, by what it found: no codes that one ends with by accident. `plan` goes by these too. */
const ENDS = { none: 40, software: 41, gpu: 42 } as const;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const gpus = await findGpus();
  if (gpus.length === 0) process.exit(ENDS.none);
  process.exit(gpus.some(({ kind }) => kind !== 'CPU as a GPU') ? ENDS.gpu : ENDS.software);
}
