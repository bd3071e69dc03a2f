import { hostname } from 'node:os';
import { log } from '../../shared/log.ts';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import type { ModelName, Scale, Upscale } from '../../shared/super-resolution.ts';
import type { Device } from './devices.ts';
import type { Model } from './network/model.ts';
import { loadPasses, openInPasses } from './passes.ts';
import type { PictureFormat } from './picture-format.ts';
import { isGpu, type Upscaler } from './upscaler.ts';

interface Options {
  find: () => Promise<readonly Device[]>;
  load: (model: ModelName, scale: Scale) => Promise<Model>;
}

/** The upscaler that was used last, kept for the next chunk: to open a GPU and compile a network for it takes seconds. */
export class KeptUpscaler {
  readonly #options: Options;
  /** From the GPU on that was opened last. */
  #devices: readonly Device[] | null = null;
  #kept: { name: string; upscaler: Upscaler } | null = null;
  /** How often one was asked for or dropped: what was begun before the last time is too late. */
  #times = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * One for pictures of a format, on the best GPU that can be opened, or on the CPU where that is allowed.
   *
   * @throws {Refusal} when there is no GPU and the CPU isn't allowed, or no device can ever do it; an error when it was dropped
   * meanwhile, or another one asked for.
   */
  async open({ model, scale, onCpu }: Upscale, format: PictureFormat): Promise<Upscaler> {
    const time = ++this.#times;
    const assertWanted = () => {
      if (time !== this.#times) throw new Error('The upscaler was given up before it was open');
    };
    // A GPU that isn't there now may be in a while: it is looked for again.
    const found = this.#devices ?? (await this.#options.find());
    const allowed = found.filter((each) => isGpu(each) || (onCpu && each.kind === 'CPU'));
    if (allowed.length === 0) throw noGpu();
    assertWanted();
    const nameOn = (device: Device) => JSON.stringify([device.name, model, scale, format]);
    // What is kept on a device that isn't the best is closed when a better one is open.
    if (!allowed.some((device) => nameOn(device) === this.#kept?.name)) await this.#close();
    if (this.#kept?.name === nameOn(allowed[0] as Device)) return this.#kept.upscaler;
    const models = await loadPasses(model, scale, this.#options.load);
    const failures: unknown[] = [];
    for (const device of allowed) {
      assertWanted();
      if (this.#kept?.name === nameOn(device)) return this.#kept.upscaler;
      const upscaler = await openInPasses(device, models, format).catch((error) => {
        log.warn('a device can not be opened', { device: device.name, kind: device.kind, reason: sentenceOf(error) });
        failures.push(error);
      });
      if (time !== this.#times) await upscaler?.[Symbol.asyncDispose]();
      assertWanted();
      if (!upscaler) continue;
      const { width, height } = upscaler.to;
      log.info('upscaler is open', { device: device.name, kind: device.kind, model, width, height });
      this.#devices = isGpu(device) ? found.slice(found.indexOf(device)) : null;
      const before = this.#kept;
      this.#kept = { name: nameOn(device), upscaler };
      await before?.upscaler[Symbol.asyncDispose]();
      return upscaler;
    }
    // What may pass is worth trying again, whatever never will.
    throw failures.find((error) => !(error instanceof Refusal)) ?? failures[0];
  }

  /** Closes it, and whatever is being opened: what went wrong with it must not happen to the next chunk too. */
  async drop(): Promise<void> {
    this.#times++;
    this.#devices = null;
    await this.#close();
  }

  async #close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    await kept?.upscaler[Symbol.asyncDispose]();
  }
}

const noGpu = () =>
  new Refusal(
    `${hostname()} has no GPU that Vulkan, Metal or Direct3D knows, which upscaling needs: retry where there is one, or order it again with the CPU allowed (--upscale-on-cpu, onCpu in an order), which takes it seconds for each frame`,
  );
