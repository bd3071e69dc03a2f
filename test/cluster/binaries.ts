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
const COREDNS = join(BIN, 'coredns');
const MODULE = join(HOME, 'module');

/** What is built together: the file that each package becomes. Names are told apart only within a module. */
const PROGRAMS: readonly ReadonlyMap<string, string>[] = [
  new Map(KUBERNETES.map((name) => [`k8s.io/kubernetes/cmd/${name}`, join(BIN, name)])),
  ...(['serving', 'eventing'] as const).map(
    (part) =>
      new Map(KNATIVE[part].map((command) => [`knative.dev/${part}/cmd/${command}`, knativeBinary(part, command)])),
  ),
  new Map([['github.com/coredns/coredns', COREDNS]]),
];

/** The file that holds a command of Knative. */
export function knativeBinary(part: 'serving' | 'eventing', command: string): string {
  return join(BIN, `${part}-${basename(command)}`);
}

/** Whether nothing is left to build. */
export const haveBinaries = (): boolean =>
  [...PROGRAMS.flatMap((files) => [...files.values()]), MINIO].every(existsSync);

/** Builds what is missing, all from Go modules: about a quarter of an hour on two cores where nothing is there yet. */
export async function buildBinaries(): Promise<void> {
  await mkdir(BIN, { recursive: true });
  for (const files of PROGRAMS) {
    const missing = [...files].filter(([, file]) => !existsSync(file));
    if (missing.length === 0) continue;
    console.log(`cluster: building ${missing.map(([, file]) => basename(file)).join(', ')}`);
    const unfinished = join(BIN, 'unfinished');
    await mkdir(unfinished, { recursive: true });
    const packages = missing.map(([name]) => name);
    // All at once: while one is linked, which takes one core, others are compiled.
    const options = ['-trimpath', '-ldflags', `-s -w ${versionFlags}`, '-o', `${unfinished}/`];
    await go(['build', ...options, ...packages], await module(), { CGO_ENABLED: '0' });
    for (const [name, file] of missing) await rename(join(unfinished, basename(name)), file);
  }
  if (existsSync(MINIO)) return;
  console.log('cluster: building minio');
  await go(['install', 'github.com/minio/minio@latest'], BIN, { GOBIN: BIN, CGO_ENABLED: '0' });
}

// Kubernetes refuses a kubelet and a client whose version it can't read.
const [major, minor] = VERSIONS.kubernetes.split('.');
const versionFlags = Object.entries({ gitVersion: `v${VERSIONS.kubernetes}`, gitMajor: major, gitMinor: minor })
  .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
  .join(' ');

/**
 * A module of our own that asks for all of them, so that what they share is compiled once: Knative gets Kubernetes' parts in the
 * version of this Kubernetes. And Kubernetes could not be built otherwise: its go.mod asks for parts of itself at v0.0.0.
 */
async function module(): Promise<string> {
  if (existsSync(join(MODULE, 'go.sum'))) return MODULE;
  await mkdir(MODULE, { recursive: true });
  const kubernetes = await moduleFolder(`k8s.io/kubernetes@v${VERSIONS.kubernetes}`, MODULE);
  const theirs = await readFile(join(kubernetes, 'go.mod'), 'utf8');
  const parts = new Set(theirs.match(/k8s\.io\/[a-z0-9.-]+(?= v0\.0\.0$)/gm));
  const replaced = [...parts].map((part) => `replace ${part} => ${part} v${VERSIONS.kubernetes.replace(/^1/, '0')}`);
  const wanted = [
    `k8s.io/kubernetes v${VERSIONS.kubernetes}`,
    `knative.dev/serving v${VERSIONS.knative}`,
    `knative.dev/eventing v${VERSIONS.knative}`,
    `github.com/coredns/coredns v${VERSIONS.coredns}`,
  ].map((module) => `require ${module}`);
  const lines = ['module cluster', theirs.match(/^go .*/m)?.[0], ...wanted, ...replaced, ''];
  await writeFile(join(MODULE, 'go.mod'), lines.join('\n'));
  const imports = PROGRAMS.flatMap((files) => [...files.keys()]).map((name) => `import _ "${name}"`);
  await writeFile(join(MODULE, 'commands.go'), ['//go:build tools', 'package cluster', ...imports, ''].join('\n'));
  // -e: some of the tests of what Kubernetes imports import what is nowhere to be had.
  await go(['mod', 'tidy', '-e'], MODULE);
  return MODULE;
}
