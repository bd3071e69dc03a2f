/** Looks for a GPU that WebGPU knows, and ends with one of `GPU_LOOKED_FOR`: what `lookForAGpu` starts. */
import { GPU_LOOKED_FOR } from '../../../shared/look-for-a-gpu.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { isGpu } from '../upscaler.ts';
import { findGpus } from './dawn.ts';

try {
  const gpus = await findGpus();
  if (gpus.length === 0) process.exit(GPU_LOOKED_FOR.none);
  process.exit(gpus.some(isGpu) ? GPU_LOOKED_FOR.gpu : GPU_LOOKED_FOR.software);
} catch (error) {
  if (error instanceof Refusal) process.exit(GPU_LOOKED_FOR.notInstalled);
  throw error;
}
