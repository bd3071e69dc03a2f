import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CGROUP, createCgroup } from './cgroup.ts';
import { run } from './command.ts';
import { startDaemon } from './daemon.ts';
import { kubeconfig, NODE_NAME, pki } from './identities.ts';
import { PAUSE } from './images.ts';
import { kubectl } from './kubectl.ts';
import { BRIDGE, NODE_ADDRESS, POD_RANGE, RESOLV_CONF } from './network.ts';
import { BIN, CONTAINERD, IMAGES, POD_LOGS, RUN, STATE } from './places.ts';

const CNI = join(RUN, 'cni');

/** Starts the one node that runs pods: containerd with all images in it, kubelet and kube-proxy. */
export async function startNode(): Promise<void> {
  await createCgroup();
  await mkdir(CNI, { recursive: true });
  await writeFile(join(CNI, '10-pods.conflist'), JSON.stringify(podNetwork));
  await writeFile(join(RUN, 'containerd.toml'), containerdConfig);
  await writeFile(join(RUN, 'kubelet.yaml'), JSON.stringify(kubeletConfig));
  const containerd = startDaemon('containerd', 'containerd', ['--config', join(RUN, 'containerd.toml')]);
  await containerd.ready(() => run('ctr', ['--address', CONTAINERD, 'version']), 30);
  for (const image of await readdir(IMAGES)) if (image.endsWith('.tar')) await loadImage(join(IMAGES, image));
  startDaemon('kubelet', join(BIN, 'kubelet'), [
    `--config=${join(RUN, 'kubelet.yaml')}`,
    `--kubeconfig=${kubeconfig('kubelet')}`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
    `--root-dir=${join(RUN, 'kubelet')}`,
  ]);
  startDaemon('proxy', join(BIN, 'kube-proxy'), [
    `--kubeconfig=${kubeconfig('proxy')}`,
    '--proxy-mode=iptables',
    `--cluster-cidr=${POD_RANGE}`,
    `--hostname-override=${NODE_NAME}`,
    // Those are settings of the whole machine.
    '--conntrack-max-per-core=0',
  ]);
}

/** Waits until the node takes pods. */
export async function nodeReady(): Promise<void> {
  await kubectl(['wait', '--for=create', `node/${NODE_NAME}`, '--timeout=60s']);
  await kubectl(['wait', '--for=condition=Ready', `node/${NODE_NAME}`, '--timeout=60s']);
}

/** Brings an image into the node from a docker-archive or oci-archive; the image keeps the name it has in there. */
export async function loadImage(tarPath: string): Promise<void> {
  await run('ctr', ['--address', CONTAINERD, '--namespace', 'k8s.io', 'images', 'import', tarPath]);
}

const podNetwork = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: BRIDGE,
      isGateway: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        dataDir: join(RUN, 'ipam'),
        ranges: [[{ subnet: POD_RANGE }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

const containerdConfig = `version = 2
root = "${join(RUN, 'containerd')}"
state = "${STATE}"
[grpc]
  address = "${CONTAINERD}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(RUN, 'opt')}"
[plugins."io.containerd.grpc.v1.cri"]
  # Where the kernel doesn't let a process lower its score, runc dies of trying: "can't get final child's PID from pipe".
  restrict_oom_score_adj = true
  # Below the state folder, so that those of this cluster can be told from others.
  netns_mounts_under_state_dir = true
  sandbox_image = "${PAUSE}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${CNI}"
`;

const kubeletConfig = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  authentication: {
    x509: { clientCAFile: pki('ca.crt') },
    anonymous: { enabled: false },
    webhook: { enabled: true },
  },
  containerRuntimeEndpoint: `unix://${CONTAINERD}`,
  tlsCertFile: pki('kubelet.crt'),
  tlsPrivateKeyFile: pki('kubelet.key'),
  clusterDomain: 'cluster.local',
  clusterDNS: [NODE_ADDRESS],
  resolvConf: RESOLV_CONF,
  cgroupDriver: 'cgroupfs',
  cgroupRoot: CGROUP,
  failCgroupV1: false,
  failSwapOn: false,
  enforceNodeAllocatable: [],
  // A full disk of the machine is not the cluster's to clean up.
  evictionHard: { 'memory.available': '100Mi' },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  podLogsDir: POD_LOGS,
  volumePluginDir: join(RUN, 'volume-plugins'),
};
