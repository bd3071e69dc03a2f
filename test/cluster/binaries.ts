import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { go, moduleFolder } from './golang.ts';
import { BIN, HOME, VERSIONS } from './places.ts';

const KUBERNETES = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kubelet',
  'kube-proxy',
] as const;

/** The commands of Knative that run in pods, as folders of the module's cmd/. */
export const KNATIVE: Record<'serving' | 'eventing', readonly string[]> = {
  serving: ['webhook', 'controller', 'autoscaler', 'activator', 'queue'],
  eventing: [
    'webhook',
    'controller',
    'in_memory/channel_controller',
    'in_memory/channel_dispatcher',
    'mtchannel_broker',
    'broker/ingress',
    'broker/filter',
    'mtping',
  ],
};

export const MINIO = join(BIN, 'minio');

const SOURCES = join(HOME, 'src');

/** Commands of one module, which Go builds together. */
interface Commands {
  module(): Promise<string>;
  /** The file that each is to be, by its package. */
  files: ReadonlyMap<string, string>;
}

const COMMANDS: readonly Commands[] = [
  {
    module: kubernetesModule,
    files: new Map(KUBERNETES.map((name) => [`k8s.io/kubernetes/cmd/${name}`, join(BIN, name)])),
  },
  ...(['serving', 'eventing'] as const).map((part) => ({
    module: () => moduleFolder(`knative.dev/${part}@v${VERSIONS.knative}`, SOURCES),
    files: new Map(KNATIVE[part].map((command) => [`./cmd/${command}`, knativeBinary(part, command)])),
  })),
];
const COREDNS = join(BIN, 'coredns');

/** The file that holds a command of Knative. */
export function knativeBinary(part: 'serving' | 'eventing', command: string): string {
  return join(BIN, `${part}-${basename(command)}`);
}

/** Whether nothing is left to build. */
export const haveBinaries = (): boolean =>
  [...COMMANDS.flatMap(({ files }) => [...files.values()]), COREDNS, MINIO].every(existsSync);

/** Builds what is missing, all from Go modules: about a quarter of an hour on two cores where nothing is there yet. */
export async function buildBinaries(): Promise<void> {
  await mkdir(SOURCES, { recursive: true });
  for (const { module, files } of COMMANDS) {
    const missing = [...files].filter(([, file]) => !existsSync(file));
    if (missing.length === 0) continue;
    console.log(`cluster: building ${missing.map(([, file]) => basename(file)).join(', ')}`);
    const unfinished = join(BIN, 'unfinished');
    await mkdir(unfinished, { recursive: true });
    // All at once: while one is linked, which takes one core, others are compiled.
    await go(
      ['build', '-trimpath', '-ldflags', `-s -w ${versionFlags}`, '-o', unfinished, ...missing.map(([name]) => name)],
      await module(),
      { CGO_ENABLED: '0' },
    );
    for (const [name, file] of missing) await rename(join(unfinished, basename(name)), file);
  }
  await install(COREDNS, `github.com/coredns/coredns@v${VERSIONS.coredns}`);
  await install(MINIO, 'github.com/minio/minio@latest');
}

async function install(path: string, module: string): Promise<void> {
  if (existsSync(path)) return;
  console.log(`cluster: building ${basename(path)}`);
  await go(['install', module], SOURCES, { GOBIN: join(path, '..'), CGO_ENABLED: '0' });
}

// Kubernetes refuses a kubelet and a client whose version it can't read.
const [major, minor] = VERSIONS.kubernetes.split('.');
const versionFlags = Object.entries({ gitVersion: `v${VERSIONS.kubernetes}`, gitMajor: major, gitMinor: minor })
  .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
  .join(' ');

/**
 * Kubernetes can't be installed by `go install`: its go.mod asks for parts of itself at v0.0.0. A module of our own that
 * replaces them by what they were released as can build it.
 */
async function kubernetesModule(): Promise<string> {
  const folder = join(SOURCES, 'kubernetes');
  if (existsSync(join(folder, 'go.sum'))) return folder;
  await mkdir(folder, { recursive: true });
  const module = await moduleFolder(`k8s.io/kubernetes@v${VERSIONS.kubernetes}`, SOURCES);
  const theirs = await readFile(join(module, 'go.mod'), 'utf8');
  const parts = new Set(theirs.match(/k8s\.io\/[a-z0-9.-]+(?= v0\.0\.0$)/gm));
  const replaced = [...parts].map((part) => `replace ${part} => ${part} v${VERSIONS.kubernetes.replace(/^1/, '0')}`);
  await writeFile(
    join(folder, 'go.mod'),
    [
      'module kubernetes',
      theirs.match(/^go .*/m)?.[0],
      `require k8s.io/kubernetes v${VERSIONS.kubernetes}`,
      ...replaced,
    ]
      .join('\n')
      .concat('\n'),
  );
  const imports = KUBERNETES.map((name) => `import _ "k8s.io/kubernetes/cmd/${name}"`);
  await writeFile(join(folder, 'commands.go'), ['//go:build tools', 'package kubernetes', ...imports, ''].join('\n'));
  // -e: some of the tests of what Kubernetes imports import what is nowhere to be had.
  await go(['mod', 'tidy', '-e'], folder);
  return folder;
}
