import { homedir, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, ConfigSchema, SIGN_IN_SETTINGS } from '../../shared/config.ts';
import { brokerPath } from './broker-path.ts';
import type { ServiceManifest } from './manifests.ts';
import { capacityOf, limitsOn } from './scaler.ts';

/** What functions may know of this machine. The rest of a person's environment is none of their business. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'LD_LIBRARY_PATH',
  'NODE_EXTRA_CA_CERTS',
  'XDG_CACHE_HOME',
  // Where GPUs' drivers are found.
  'XDG_DATA_DIRS',
  'VK_DRIVER_FILES',
  'VK_ICD_FILENAMES',
  'FFMPEG_PATH',
  'FFPROBE_PATH',
  'LOG_LEVEL',
] as const;

/** The function that asks who people are: as on a cluster (knative/sign-in), no other is told by what they sign in. */
const ASKS_WHO = 'jobs';

interface EnvironmentOptions {
  config: Config;
  /** Where the runtime is reached. */
  url: string;
  services: readonly ServiceManifest[];
  cores: number;
  ingestToken: string;
  /** This process's own. */
  environment: Readonly<NodeJS.ProcessEnv>;
}

/** The environment of a function's process: the settings, where the broker is, and what this machine can take on at once. */
export function environmentOf(name: string, options: EnvironmentOptions): Record<string, string> {
  const { config, url, services, cores, ingestToken, environment } = options;
  const capacity = (stage: string) => {
    const service = services.find((each) => each.name === stage);
    return service && capacityOf(limitsOn(cores, service));
  };
  const settings: Partial<Config> = {
    ...config,
    // The command line's own.
    MONTAGE_TOKEN: undefined,
    MONTAGE_DATA: resolve(config.MONTAGE_DATA),
    MONTAGE_PUBLIC_URL: config.MONTAGE_PUBLIC_URL ?? url,
    MONTAGE_INGEST_TOKEN: ingestToken,
    K_SINK: `${url}${brokerPath(ingestToken)}`,
    MONTAGE_CAPACITY_ANALYSE: capacity('analyze-footage') ?? config.MONTAGE_CAPACITY_ANALYSE,
    MONTAGE_CAPACITY_RENDER: capacity('render') ?? config.MONTAGE_CAPACITY_RENDER,
    MONTAGE_CAPACITY_UPSCALE: capacity('upscale') ?? config.MONTAGE_CAPACITY_UPSCALE,
    MONTAGE_CAPACITY_ASSEMBLE: capacity('assemble') ?? config.MONTAGE_CAPACITY_ASSEMBLE,
  };
  const given = [
    ...PASSED_ON.map((each) => [each, environment[each]] as const),
    ...Object.keys(ConfigSchema.shape)
      .filter((each) => name === ASKS_WHO || !SIGN_IN_SETTINGS.has(each))
      .map((each) => [each, settings[each as keyof Config]] as const),
    ['NODE_COMPILE_CACHE', compileCache(environment)] as const,
  ];
  return Object.fromEntries(given.flatMap(([each, value]) => (value === undefined ? [] : [[each, String(value)]])));
}

/** Where compiled code is kept from one start to the next, in the user's cache folder. */
function compileCache(environment: Readonly<NodeJS.ProcessEnv>): string {
  const cache =
    environment.XDG_CACHE_HOME ??
    (platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache'));
  return join(cache, 'montage', 'compiled');
}
