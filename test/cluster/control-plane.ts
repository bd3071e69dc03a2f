import { join } from 'node:path';
import { startDaemon } from './daemon.ts';
import { kubeconfig, pki } from './identities.ts';
import { kubectl } from './kubectl.ts';
import { NODE_ADDRESS, SERVICE_RANGE } from './network.ts';
import { BIN, RUN } from './places.ts';

const ETCD = 'http://127.0.0.1:2379';
const ETCD_PEERS = 'http://127.0.0.1:2380';

/** Starts etcd, the API server, the controllers and the scheduler. */
export async function startControlPlane(): Promise<void> {
  startDaemon('etcd', 'etcd', [
    `--data-dir=${join(RUN, 'etcd')}`,
    // Nothing of it is kept.
    '--unsafe-no-fsync',
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    `--listen-peer-urls=${ETCD_PEERS}`,
    `--initial-advertise-peer-urls=${ETCD_PEERS}`,
    `--initial-cluster=default=${ETCD_PEERS}`,
  ]);
  const apiServer = startDaemon('apiserver', join(BIN, 'kube-apiserver'), [
    `--etcd-servers=${ETCD}`,
    '--bind-address=0.0.0.0',
    `--advertise-address=${NODE_ADDRESS}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--authorization-mode=Node,RBAC',
    '--allow-privileged',
    // Asks etcd for what Debian's 3.4 can't answer, and waits three seconds for each answer.
    '--feature-gates=SizeBasedListCostEstimate=false',
    `--client-ca-file=${pki('ca.crt')}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--kubelet-client-certificate=${pki('admin.crt')}`,
    `--kubelet-client-key=${pki('admin.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${pki('service-accounts.pub')}`,
    `--service-account-signing-key-file=${pki('service-accounts.key')}`,
    `--requestheader-client-ca-file=${pki('ca.crt')}`,
    '--requestheader-allowed-names=front-proxy',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    `--proxy-client-cert-file=${pki('front-proxy.crt')}`,
    `--proxy-client-key-file=${pki('front-proxy.key')}`,
  ]);
  await apiServer.ready(() => kubectl(['get', '--raw', '/readyz']), 90);
  startDaemon('controller-manager', join(BIN, 'kube-controller-manager'), [
    `--kubeconfig=${kubeconfig('controller-manager')}`,
    `--service-account-private-key-file=${pki('service-accounts.key')}`,
    `--root-ca-file=${pki('ca.crt')}`,
    '--use-service-account-credentials',
    '--leader-elect=false',
    // A node that was only registered has no kubelet to renew its lease, and stays as it was registered.
    '--node-monitor-grace-period=24h',
  ]);
  startDaemon('scheduler', join(BIN, 'kube-scheduler'), [
    `--kubeconfig=${kubeconfig('scheduler')}`,
    '--leader-elect=false',
  ]);
}
