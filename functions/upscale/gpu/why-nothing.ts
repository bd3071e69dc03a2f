import { setTimeout } from 'node:timers/promises';
import { sentenceOf } from '../../../shared/refusal.ts';

/** How long it may take until it is told that a device is gone. */
const TOLD_MS = 1000;

/**
 * Why a device gave nothing, for a person. Of one that is gone, what broke off says nothing; why it is gone is told a moment later.
 *
 * @param name the device's.
 * @param error what broke off.
 */
export async function whyNothing(device: GPUDevice, name: string, error: unknown): Promise<Error> {
  const told = new AbortController();
  const untold = setTimeout(TOLD_MS, null, { signal: told.signal }).catch(() => null);
  const lost = await Promise.race([device.lost, untold]);
  told.abort();
  if (!lost) return new Error(`The GPU ${name} failed: ${sentenceOf(error)}`, { cause: error });
  if (lost.reason === 'destroyed') return new Error(`The GPU ${name} was closed before a picture was made`);
  return new Error(`The GPU ${name} was lost: ${lost.message}`);
}
