import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the cluster is made of: the newest Kubernetes that runs on cgroup v1, the newest Knative whose modules are all to be had, K3s's Traefik. */
export const VERSIONS = { kubernetes: '1.34.4', knative: '0.47.0', coredns: '1.12.4', traefik: '3.5.3' };

const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'montage');

/** All that is built, kept by the versions it is built from. */
export const HOME = join(
  CACHE,
  'cluster',
  Object.entries(VERSIONS)
    .map(([name, version]) => `${name}-${version}`)
    .join('-'),
);
export const BIN = join(HOME, 'bin');
export const PROGRAMS = join(HOME, 'programs');
export const IMAGES = join(HOME, 'images');
export const MANIFESTS = join(HOME, 'manifests');

/** What one running cluster writes; gone when it stops. Below a short path: that of a socket may be 107 characters long at most. */
export const RUN = '/var/lib/montage-cluster';
export const LOGS = join(RUN, 'logs');
/** What containers write: <namespace>_<pod>_<uid>/<container>/<n>.log, gone with the pod. */
export const POD_LOGS = join(LOGS, 'pods');
/** containerd's own notes of what runs, and its mounts. */
export const STATE = join(RUN, 'state');
export const CONTAINERD = join(RUN, 'containerd.sock');
