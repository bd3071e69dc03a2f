import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { GPU_LOOKED_FOR } from '../../../shared/gpu-looked-for.ts';
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
  return code === GPU_LOOKED_FOR.gpu || code === GPU_LOOKED_FOR.software;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const gpus = await findGpus();
  if (gpus.length === 0) process.exit(GPU_LOOKED_FOR.none);
  process.exit(gpus.some(({ kind }) => kind !== 'CPU as a GPU') ? GPU_LOOKED_FOR.gpu : GPU_LOOKED_FOR.software);
}
