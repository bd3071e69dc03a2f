import type { ModelName, Scale } from '../../shared/super-resolution.ts';
import type { Device } from './devices.ts';
import type { Model } from './network/model.ts';
import { loadModel } from './network/models.ts';
import { enlarged, type PictureFormat } from './picture-format.ts';
import type { Upscaler } from './upscaler.ts';

/**
 * By how much pictures become larger at a time. The published slim and medium end with pixels repeated and a kernel of 3 × 3: from
 * × 4 on it doesn't reach over them, and squares are seen. Twice × 2 is nearer to what a picture was by 0.2 to 0.9 dB than × 4, and
 * three times × 2 by 0.4 to 1.8 dB than × 8 (film and animation, PSNR of luma).
 */
export const passesOf = (name: ModelName, scale: Scale): readonly Scale[] =>
  name === 'thick' || scale < 4 ? [scale] : Array.from({ length: Math.log2(scale) }, () => 2 as const);

/** The models by which pictures become `scale` times as large, one after the other. */
export async function loadPasses(name: ModelName, scale: Scale, load = loadModel): Promise<Model[]> {
  const passes = passesOf(name, scale);
  // All are by as much.
  const model = await load(name, passes[0] as Scale);
  return passes.map(() => model);
}

/** Opens a device for models that make pictures larger one after the other: what one makes is what the next one reads. */
export async function openInPasses(
  device: Pick<Device, 'open'>,
  models: readonly Model[],
  from: PictureFormat,
): Promise<Upscaler> {
  await using opened = new AsyncDisposableStack();
  const formats = [from];
  for (const { network } of models) formats.push(enlarged(formats.at(-1) as PictureFormat, network.scale));
  const passes: Upscaler[] = [];
  // The last has most to do: memory is its before it is the others'.
  for (const [n, model] of [...models.entries()].toReversed())
    passes.unshift(opened.use(await device.open(model, formats[n] as PictureFormat, models.length)));
  const [first, last] = [passes[0], passes.at(-1)];
  if (!first || !last) throw new Error('There is no model to make a picture larger by');
  const all = opened.move();
  if (first === last) return first;
  return {
    ...{ device: first.device, from, to: last.to, atOnce: last.atOnce },
    async upscale(picture, signal) {
      let made = picture;
      for (const pass of passes) made = await pass.upscale(made, signal);
      return made;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
