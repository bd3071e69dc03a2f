import { tmpdir } from 'node:os';
import { brought } from '../brought.ts';
import type { DeviceNamed } from '../upscaler.ts';
import type { Precision } from './convolution-shape.ts';
import { SIDE } from './matrix-shader.ts';

interface DawnModule {
  create(options: string[]): GPU;
  globals: Record<string, unknown>;
}

/** A device that computes by WebGPU, and what it is. */
export interface Gpu {
  features: GPUSupportedFeatures;
  limits: GPUSupportedLimits;
  /** Its driver's version, as far as the driver tells it. */
  driver: string;
  /** Threads that multiply matrices of 16-bit numbers together, 16 × 16 at once; null where it has no units for that. */
  subgroup: number | null;
  /** Opens it with all that it can give, as often as wanted; an adapter of WebGPU gives one device only. */
  open(precision: Precision): Promise<GPUDevice>;
  /** For example "nvidia h100 80gb hbm3". */
  name: string;
  kind: Exclude<DeviceNamed['kind'], 'CPU'>;
}

/**
 * 16-bit numbers are left off on NVIDIA's devices unless asked for. What guards a browser against other people's shaders makes
 * our own slower, and ten times as long to compile for SwiftShader.
 */
const TOGGLES = [
  'enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia,disable_robustness,disable_workgroup_init',
  'disable-dawn-features=timestamp_quantization',
];

let dawn: Promise<GPU> | null = null;

/** Dawn crashes the process when what it creates is collected: it stays. */
function instance(): Promise<GPU> {
  // Mesa's layer complains on standard error where there is none, as in a container.
  process.env.XDG_RUNTIME_DIR ||= tmpdir();
  // Mesa's driver for CPUs, which Dawn refuses in many words.
  process.env.VK_LOADER_DRIVERS_DISABLE ||= '*lvp*';
  dawn ??= brought<DawnModule>('webgpu').then(({ create, globals }) => {
    for (const [name, value] of Object.entries(globals))
      if (!(name in globalThis)) Reflect.set(globalThis, name, value);
    return create(TOGGLES);
  });
  return dawn;
}

/** Devices by which WebGPU can compute here, the fastest kind first; none where there is no driver. */
export async function findGpus(): Promise<Gpu[]> {
  const gpu = await instance();
  const found = new Map<string, Gpu>();
  for (const powerPreference of ['high-performance', 'low-power'] as const) {
    const adapter = await gpu.requestAdapter({ powerPreference });
    if (!adapter) continue;
    const named = nameOf(adapter.info);
    const subgroup = matrixSubgroup(adapter);
    if (found.has(named.name)) continue;
    const open = async (precision: Precision) => {
      const fresh = await gpu.requestAdapter({ powerPreference });
      if (!fresh) throw new Error(`The GPU ${named.name} is gone`);
      return fresh.requestDevice(wantedOf(adapter, precision, subgroup !== null));
    };
    found.set(named.name, { features: adapter.features, limits: adapter.limits, subgroup, open, ...named });
  }
  return [...found.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

/** WebGPU gives the least that all devices have, unless asked for more. */
const wantedOf = ({ limits, features }: GPUAdapter, precision: Precision, matrices: boolean): GPUDeviceDescriptor => ({
  requiredFeatures: [
    ...(precision === 'f16' ? (['shader-f16', ...(matrices ? MATRIX_FEATURES : [])] as const) : []),
    ...(features.has('timestamp-query') ? (['timestamp-query'] as const) : []),
  ],
  requiredLimits: {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
  },
});

/** Not in WebGPU's types yet. */
const MATRIX_FEATURES = ['subgroups', 'chromium-experimental-subgroup-matrix'] as GPUFeatureName[];

interface MatrixInfo extends GPUAdapterInfo {
  subgroupMatrixConfigs?: { componentType: string; resultComponentType: string; M: number; N: number; K: number }[];
}

/** Threads of a subgroup, where subgroups multiply matrices of 16-bit numbers into 32-bit sums and are all of one size. */
function matrixSubgroup({ info, features }: Pick<GPUAdapter, 'info' | 'features'>): number | null {
  const { subgroupMinSize, subgroupMaxSize, subgroupMatrixConfigs = [] } = info as MatrixInfo;
  const has = subgroupMatrixConfigs.some(
    ({ componentType, resultComponentType, M, N, K }) =>
      componentType === 'f16' && resultComponentType === 'f32' && [M, N, K].every((side) => side === SIDE),
  );
  const all = ['shader-f16', ...MATRIX_FEATURES].every((feature) => features.has(feature));
  return has && all && subgroupMinSize === subgroupMaxSize ? (subgroupMaxSize ?? null) : null;
}

const KINDS: readonly Gpu['kind'][] = ['discrete GPU', 'integrated GPU', 'GPU', 'CPU as a GPU'];

/** WebGPU doesn't say what kind an adapter is; its maker and name, such as "nvidia" and "nvidia-h100-80gb-hbm3", tell. */
export function nameOf({
  vendor,
  architecture,
  device,
  description,
}: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>): Pick<Gpu, 'name' | 'kind' | 'driver'> {
  const isNumber = /^(0x[0-9a-f]+)?$/i.test(device);
  const name = isNumber ? [vendor, architecture].filter(Boolean).join(' ') : device.replaceAll('-', ' ').trim();
  const named = { name: name || 'GPU', driver: description };
  if (/swiftshader|llvmpipe|lavapipe/i.test(`${architecture} ${name}`)) return { ...named, kind: 'CPU as a GPU' };
  if (vendor === 'nvidia')
    return { ...named, kind: /tegra|orin|xavier|thor/i.test(name) ? 'integrated GPU' : 'discrete GPU' };
  if (vendor === 'intel') return { ...named, kind: /\barc\b/i.test(name) ? 'discrete GPU' : 'integrated GPU' };
  if (['apple', 'arm', 'qualcomm'].includes(vendor)) return { ...named, kind: 'integrated GPU' };
  return { ...named, kind: 'GPU' };
}
