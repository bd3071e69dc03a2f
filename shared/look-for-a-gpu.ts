import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * What the process ends with that looks for a GPU (`functions/upscale/gpu/any-gpu.ts`), by what it found: no codes that one ends with
 * by accident. `notInstalled`: what looks isn't there; `software`: only a driver that computes on the CPU.
 */
export const GPU_LOOKED_FOR = { notInstalled: 39, none: 40, software: 41, gpu: 42 } as const;

const LOOKS = fileURLToPath(new URL('../functions/upscale/gpu/any-gpu.ts', import.meta.url));
const LONGEST_MS = 20_000;

/**
 * One of `GPU_LOOKED_FOR`, or anything else where the driver fails. Asked in a process of its own: where there is no GPU, drivers and
 * loader say so on standard error in words that are for nobody, and a broken driver takes the process with it. `LOG_LEVEL=debug`
 * shows what they say.
 */
export async function lookForAGpu(): Promise<number | null> {
  const child = spawn(process.execPath, [LOOKS], {
    stdio: ['ignore', 'ignore', process.env.LOG_LEVEL === 'debug' ? 'inherit' : 'ignore'],
    timeout: LONGEST_MS,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
