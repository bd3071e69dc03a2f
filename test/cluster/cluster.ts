import { type ChildProcess, type SpawnOptions, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { isInstalled } from '../../knative/image/needs.ts';
import { buildBinaries, haveBinaries } from './binaries.ts';
import { startControlPlane } from './control-plane.ts';
import { startDns } from './dns.ts';
import { createIdentities } from './identities.ts';
import { buildImages, haveImages } from './images.ts';
import { startIngress } from './ingress.ts';
import { defineKinds, knativeReady, startKnative } from './knative.ts';
import { kubectl } from './kubectl.ts';
import { collectManifests, haveManifests } from './manifests.ts';
import { createNetwork, NAMESPACE_FILE, spawnWithNames } from './network.ts';
import { loadImage, nodeReady, startNode } from './node.ts';
import { disown, isOwned, own, refuseIfBusy } from './owner.ts';
import { installPackages, missingPackages } from './packages.ts';
import { LOGS } from './places.ts';
import { registerNode, type Taint } from './registered-node.ts';
import { removeRemains } from './remains.ts';
import { createVolumes } from './volumes.ts';

/** A Kubernetes with Knative on this machine, in a network of its own. Disposing of it ends it. */
export interface Cluster extends AsyncDisposable {
  /** Runs kubectl as the cluster's administrator and gives what it printed. */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  /** Brings an image into the node from a docker-archive or oci-archive. Name it dev.local/…, with a tag other than latest. */
  loadImage(tarPath: string): Promise<void>;
  /** Starts a command that reaches pods and finds Services by name, as http://broker-ingress.knative-eventing.svc.cluster.local. */
  inNetwork(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Makes a node that is there for the scheduler only: pods bound to it never start. */
  registerNode(
    name: string,
    labels: Readonly<Record<string, string>>,
    taints?: readonly Taint[],
    devices?: Readonly<Record<string, string>>,
  ): Promise<void>;
}

/** Why no cluster can be started here, or null where one can. */
export function clusterSkipReason(): string | null {
  if (!process.env.MONTAGE_TEST_CLUSTER)
    return 'a cluster takes minutes and changes to this machine: set MONTAGE_TEST_CLUSTER=1 to start one';
  if (process.platform !== 'linux') return 'a cluster needs Linux';
  if (process.arch !== 'x64') return 'a cluster needs amd64, for what renders';
  if (process.getuid?.() !== 0) return 'a cluster needs root, for its network and its mounts';
  // A container's root may be refused what root may do.
  if (spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0)
    return 'a cluster needs network namespaces and mounts, which this machine refuses';
  if (!isInstalled('go') && !(haveBinaries() && haveImages() && haveManifests()))
    return 'no Go here to build Kubernetes and Knative with';
  if (missingPackages().length > 0 && !isInstalled('apt-get'))
    return `these Debian packages are missing, and there is no apt-get to install them: ${missingPackages().join(', ')}`;
  return null;
}

/**
 * Starts a cluster and waits until Knative is ready: about a minute, and twelve more where everything must be built first.
 * One that was brought up by hand is used as it is, and stays.
 */
export async function startCluster(): Promise<Cluster> {
  await refuseIfBusy();
  if (existsSync(NAMESPACE_FILE) && !isOwned()) return cluster(async () => {});
  try {
    await bringUp();
  } catch (error) {
    await removeRemains().catch(() => {});
    throw error;
  }
  return cluster(removeRemains);
}

/** Brings a cluster up for people to use, and leaves it to them. */
export async function bringUpByHand(): Promise<void> {
  await refuseIfBusy();
  await bringUp();
  await disown();
}

/** Installs and builds what a cluster is made of and this machine lacks; keeps it for the next. */
export async function buildParts(): Promise<void> {
  await installPackages();
  await buildBinaries();
  await buildImages();
  await collectManifests();
}

async function bringUp(): Promise<void> {
  await removeRemains();
  await mkdir(LOGS, { recursive: true });
  await own();
  await buildParts();
  await createNetwork();
  await createIdentities();
  await Promise.all([startControlPlane().then(defineKinds), startNode(), startDns()]);
  await createVolumes();
  // First the ingress: once Knative's webhooks are there, nobody may change its settings until they run.
  await startIngress();
  await startKnative();
  await nodeReady();
  await knativeReady();
}

const cluster = (end: () => Promise<void>): Cluster => ({
  kubectl,
  loadImage,
  inNetwork: spawnWithNames,
  registerNode,
  [Symbol.asyncDispose]: end,
});
