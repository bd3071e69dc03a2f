import { hostname } from 'node:os';
import { log } from '../../shared/log.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Upscale } from '../../shared/super-resolution.ts';
import type { Device } from './devices.ts';
import type { Model } from './network/model.ts';
import type { PictureFormat } from './picture-format.ts';
import { isGpu, type Upscaler } from './upscaler.ts';

interface Options {
  find: () => Promise<readonly Device[]>;
  load: (model: Upscale['model'], scale: Upscale['scale']) => Promise<Model>;
}

/** The upscaler that was used last, kept for the next chunk: to open a GPU and compile a network for it takes seconds. */
export class KeptUpscaler {
  readonly #options: Options;
  #device: Device | null = null;
  #kept: { name: string; upscaler: Upscaler } | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * One for pictures of a format, on the best GPU, or on the CPU where that is allowed.
   *
   * @throws {Refusal} when there is no GPU and the CPU isn't allowed.
   */
  async open({ model, scale, onCpu }: Upscale, format: PictureFormat): Promise<Upscaler> {
    // A GPU that isn't there now may be in a while: it is looked for again.
    const device = this.#device ?? (await this.#best(onCpu));
    const name = JSON.stringify([device.name, model, scale, format]);
    if (this.#kept?.name === name) return this.#kept.upscaler;
    await this.drop();
    const upscaler = await device.open(await this.#options.load(model, scale), format);
    const { width, height } = upscaler.to;
    log.info('upscaler is open', { device: device.name, kind: device.kind, model, width, height });
    this.#device = device.kind === 'CPU' ? null : device;
    this.#kept = { name, upscaler };
    return upscaler;
  }

  /** Closes it: whatever went wrong with it must not happen to the next chunk too. */
  async drop(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    this.#device = null;
    await kept?.upscaler[Symbol.asyncDispose]();
  }

  async #best(onCpu: boolean): Promise<Device> {
    const found = (await this.#options.find()).find((each) => isGpu(each) || (onCpu && each.kind === 'CPU'));
    if (found) return found;
    throw new Refusal(
      `${hostname()} has no GPU that Vulkan, Metal or Direct3D knows, which upscaling needs: retry where there is one, or order it again with the CPU allowed (--upscale-on-cpu, onCpu in an order), which takes it seconds for each frame`,
    );
  }
}
