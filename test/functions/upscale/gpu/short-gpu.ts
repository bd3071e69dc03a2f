import type { Gpu } from '../../../../functions/upscale/gpu/dawn.ts';

/** A GPU that has so many bytes, and how many of them are taken. */
export interface ShortGpu extends Gpu {
  readonly taken: number;
  /** Takes all devices away, as a driver that breaks down does. */
  lose(message: string): void;
}

/** Says that it is out of memory when buffers take more than so many bytes together, as a device of that size does. */
export function shortGpu(gpu: Gpu, bytes = Infinity): ShortGpu {
  let taken = 0;
  const devices: GPUDevice[] = [];
  const lost = Promise.withResolvers<GPUDeviceLostInfo>();
  return {
    ...gpu,
    get taken() {
      return taken;
    },
    lose(message) {
      lost.resolve({ reason: 'unknown', message } as GPUDeviceLostInfo);
      for (const device of devices) device.destroy();
    },
    async open(precision) {
      const device = await gpu.open(precision);
      devices.push(device);
      const scopes: { filter: GPUErrorFilter; isShort: boolean }[] = [];
      const own: Partial<GPUDevice> = {
        lost: Promise.race([lost.promise, device.lost]),
        createBuffer(descriptor) {
          const buffer = device.createBuffer(descriptor);
          taken += descriptor.size;
          const destroy = buffer.destroy.bind(buffer);
          buffer.destroy = () => {
            taken -= descriptor.size;
            return destroy();
          };
          const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
          if (taken > bytes && scope) scope.isShort = true;
          return buffer;
        },
        pushErrorScope(filter) {
          scopes.push({ filter, isShort: false });
          return device.pushErrorScope(filter);
        },
        async popErrorScope() {
          const isShort = scopes.pop()?.isShort;
          const error = await device.popErrorScope();
          return isShort ? { message: 'Out of memory' } : error;
        },
      };
      return new Proxy(device, {
        get(target, name) {
          if (name in own) return Reflect.get(own, name);
          const value = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
}
