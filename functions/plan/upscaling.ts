import type { Config } from '../../shared/config.ts';
import { GPU_LOOKED_FOR, lookForAGpu } from '../../shared/look-for-a-gpu.ts';
import { isSharp } from '../../shared/segments.ts';
import { MASTER_SCALE, type ModelName, type Upscale } from '../../shared/super-resolution.ts';
import type { Cut, Source } from '../../shared/timeline.ts';
import type { PlanInputs } from './inputs.ts';

/** By which network a master's pictures are made larger, or why they aren't, as the end of a sentence. */
export type MasterUpscaling = { model: ModelName } | { why: string };

/** Of whatever isn't such a master. */
export const NOT_ASKED: MasterUpscaling = { why: 'nobody asked for it' };

/** Only `auto` looks for a GPU. */
export async function masterUpscaling(setting: Config['MONTAGE_UPSCALING']): Promise<MasterUpscaling> {
  if (setting === 'off') return { why: 'MONTAGE_UPSCALING is off here' };
  if (setting !== 'auto') return { model: setting };
  const code = await lookForAGpu();
  return code === GPU_LOOKED_FOR.gpu
    ? { model: 'slim' }
    : { why: WHY_NOT.get(code) ?? 'the driver of the GPU here fails' };
}

/** Why there is none, by what looking for it ends with. */
const WHY_NOT: ReadonlyMap<number | null, string> = new Map([
  [GPU_LOOKED_FOR.notInstalled, 'what upscaling needs is not installed (`npm run montage -- devices` installs it)'],
  [GPU_LOOKED_FOR.none, 'there is no GPU here that Vulkan, Metal or Direct3D knows'],
  [GPU_LOOKED_FOR.software, 'there is no GPU here, only a driver that computes on the CPU'],
]);

/** How a montage's pictures are made larger: as ordered, or else a master's as it is possible here. */
export function upscaleOf({ request, upscaling }: Pick<PlanInputs, 'request' | 'upscaling'>): Upscale | null {
  if (request.upscale !== undefined) return request.upscale;
  // As large as the clips are is as large as it can be shown.
  if (request.quality !== 'master' || request.format === 'source' || 'why' in upscaling) return null;
  return { scale: MASTER_SCALE, model: upscaling.model, onCpu: false };
}

/** Says that a master has clips in it that are only stretched, and what to do about it. */
export function stretchedNotes(
  { request, upscaling }: Pick<PlanInputs, 'request' | 'upscaling'>,
  shown: { cuts: readonly Cut[]; sources: readonly Source[]; width: number; height: number },
): string[] {
  if (request.upscale !== undefined || request.quality !== 'master' || request.format === 'source') return [];
  const isStretched = ({ source }: Cut) => !isSharp(shown.sources[source] as Source, shown);
  if (!('why' in upscaling) || !shown.cuts.some(isStretched)) return [];
  return [
    `Clips with fewer pixels than ${shown.width}×${shown.height} were stretched, not made larger by a network, because ${upscaling.why}; order it with upscale and onCpu (--upscale --upscale-on-cpu) to have the CPU do that, which takes it seconds for each frame.`,
  ];
}
