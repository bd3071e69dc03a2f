import { measuredSpeed } from '../upscale/devices.ts';
import { loadModel } from '../upscale/network/models.ts';
import { isGpu } from '../upscale/upscaler.ts';
import { colours } from './colours.ts';
import type { PlainOptions } from './session.ts';
import { devicesHere } from './upscaling.ts';

/** Lists what can make pictures larger here, the best first, and how fast each is. */
export async function devices(options: PlainOptions): Promise<void> {
  const found = await devicesHere();
  const model = await loadModel('slim', 2);
  if (!options.json && !found.some(isGpu))
    process.stdout.write(
      'No GPU was found that Vulkan, Metal or Direct3D knows (LOG_LEVEL=debug shows what its driver says)\n',
    );
  for (const device of found) {
    const { kind, name, precision, abilities } = device;
    const framesPerSecond = await measuredSpeed(device, model);
    if (options.json)
      process.stdout.write(`${JSON.stringify({ kind, name, precision, abilities, framesPerSecond })}\n`);
    else {
      process.stdout.write(
        `${colours(process.stdout).bold(name)} (${kind}), ${spoken(framesPerSecond)} from 1080p to 4K by the model slim\n`,
      );
      process.stdout.write(`  ${abilities.join(', ')}\n`);
    }
  }
  if (!options.json)
    process.stdout.write(
      'Speeds are of a moment, measured just now: they are lower while the computer does other work\n',
    );
}

const spoken = (perSecond: number): string =>
  perSecond >= 1
    ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} frames a second`
    : `${spokenSeconds(1 / perSecond)} a frame`;

const spokenSeconds = (seconds: number): string =>
  seconds < 90 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : `${(seconds / 60).toFixed(1)} min`;
