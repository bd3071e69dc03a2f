import { type Device, findDevices, tuningsOfUser } from '../upscale/devices.ts';
import { isGpu } from '../upscale/upscaler.ts';
import { WrongUse } from './exit.ts';
import { ensureInstalled, upscaling } from './setup.mjs';

/** The devices of this computer that can make pictures larger; what that needs is installed when it isn't there yet. */
export async function devicesHere(): Promise<Device[]> {
  ensureInstalled({ tests: false, place: upscaling });
  return findDevices({ tunings: tuningsOfUser() });
}

/** What `--device` names: `gpu`, `cpu`, or part of a device's name; the best without it. */
export function chosen(devices: readonly Device[], wanted: string | undefined): Device {
  const word = wanted?.toLowerCase();
  const found = devices.find((device) => {
    if (word === undefined) return true;
    if (word === 'gpu') return isGpu(device);
    if (word === 'cpu') return device.kind === 'CPU';
    return device.name.toLowerCase().includes(word);
  });
  if (found) return found;
  throw new WrongUse(
    `There is no device ${wanted} here that Vulkan, Metal or Direct3D knows; there is: ${devices.map(({ name }) => name).join(', ')}`,
  );
}
