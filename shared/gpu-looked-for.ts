/**
 * What the process ends with that looks for a GPU (`functions/upscale/gpu/any-gpu.ts`), by what it found: no codes that one ends with
 * by accident. `software`: only a driver that computes on the CPU.
 */
export const GPU_LOOKED_FOR = { none: 40, software: 41, gpu: 42 } as const;
