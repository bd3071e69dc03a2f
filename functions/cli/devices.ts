import { sentenceOf } from '../../shared/refusal.ts';
import { type Device, measuredSpeed } from '../upscale/devices.ts';
import type { Model } from '../upscale/network/model.ts';
import { loadModel } from '../upscale/network/models.ts';
import { unlessAborted } from '../upscale/unless-aborted.ts';
import { isGpu } from '../upscale/upscaler.ts';
import { colours } from './colours.ts';
import { interrupted } from './exit.ts';
import type { PlainOptions } from './session.ts';
import { devicesHere } from './upscaling.ts';

/** Lists what can make pictures larger here, the best first, and how fast each is. */
export async function devices(options: PlainOptions): Promise<void> {
  const found = await unlessAborted(interrupted, devicesHere());
  const model = await loadModel('slim', 2);
  if (!options.json && !found.some(isGpu))
    process.stdout.write(
      'No GPU was found that Vulkan, Metal or Direct3D knows (LOG_LEVEL=debug shows what its driver says)\n',
    );
  for (const device of found) process.stdout.write(await described(device, model, options));
  if (!options.json)
    process.stdout.write(
      'Speeds are of a moment, measured just now: they are lower while the computer does other work\n',
    );
}

/** What is printed of a device; of one that fails, why, so that the others can still be told of. */
export async function described(
  device: Device,
  model: Model,
  { json }: Pick<PlainOptions, 'json'>,
  signal = interrupted,
): Promise<string> {
  const { kind, name, precision, abilities } = device;
  const measured = await unlessAborted(signal, measuredSpeed(device, model)).then(
    (framesPerSecond) => ({ framesPerSecond }),
    (error: unknown) => {
      signal.throwIfAborted();
      return { fails: sentenceOf(error) };
    },
  );
  if (json) return `${JSON.stringify({ kind, name, precision, abilities, ...measured })}\n`;
  const speed =
    'fails' in measured
      ? `can't be used: ${measured.fails}`
      : `${spoken(measured.framesPerSecond)} from 1080p to 4K by the model slim`;
  const what = kind === 'CPU' ? '' : ` (${kind})`;
  return `${colours(process.stdout).bold(name)}${what}, ${speed}\n  ${abilities.join(', ')}\n`;
}

const spoken = (perSecond: number): string =>
  perSecond >= 1
    ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} frames a second`
    : `${spokenSeconds(1 / perSecond)} a frame`;

const spokenSeconds = (seconds: number): string =>
  seconds < 90 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : `${(seconds / 60).toFixed(1)} min`;
