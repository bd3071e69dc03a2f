import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { NODE_ADDRESS } from './network.ts';
import { RUN } from './places.ts';

export const NODE_NAME = 'node-1';
export const API_SERVER = 'https://127.0.0.1:6443';
const PKI = join(RUN, 'pki');

/** The file of a certificate or key: `ca.crt`, `admin.key`, … */
export const pki = (file: string): string => join(PKI, file);

/** The file that tells a client where the API server is and who the client is. */
export const kubeconfig = (who: string): string => join(RUN, `${who}.kubeconfig`);

const CLIENTS: Record<string, string> = {
  admin: '/O=system:masters/CN=admin',
  'controller-manager': '/CN=system:kube-controller-manager',
  scheduler: '/CN=system:kube-scheduler',
  kubelet: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
  proxy: '/CN=system:kube-proxy',
};

const service = 'kubernetes.default.svc';
const API_SERVER_NAMES = [
  ...['localhost', 'kubernetes', 'kubernetes.default', service, `${service}.cluster.local`].map(
    (name) => `DNS:${name}`,
  ),
  ...['127.0.0.1', '10.96.0.1', NODE_ADDRESS].map((address) => `IP:${address}`),
].join(',');

/** Makes the cluster's own authority, a certificate for everyone who speaks to the API server, and their kubeconfigs. */
export async function createIdentities(): Promise<void> {
  await mkdir(PKI, { recursive: true, mode: 0o700 });
  await issue('ca', '/CN=montage-cluster', []);
  const signed = (name: string, subject: string, names: string) =>
    issue(name, subject, [
      ...['-CA', pki('ca.crt'), '-CAkey', pki('ca.key')],
      ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth,clientAuth'],
      ...['-addext', `subjectAltName=${names}`],
    ]);
  await signed('apiserver', '/CN=kube-apiserver', API_SERVER_NAMES);
  await signed('front-proxy', '/CN=front-proxy', 'DNS:front-proxy');
  for (const [who, subject] of Object.entries(CLIENTS)) {
    await signed(who, subject, `DNS:${who},IP:${NODE_ADDRESS}`);
    await writeFile(kubeconfig(who), clientConfig(who), { mode: 0o600 });
  }
  const serviceAccounts = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await writeFile(pki('service-accounts.key'), serviceAccounts.privateKey, { mode: 0o600 });
  await writeFile(pki('service-accounts.pub'), serviceAccounts.publicKey);
}

const issue = (name: string, subject: string, more: readonly string[]) =>
  run('openssl', [
    ...['req', '-x509', '-new', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '365'],
    ...['-subj', subject, '-keyout', pki(`${name}.key`), '-out', pki(`${name}.crt`), ...more],
  ]);

/** JSON, which kubeconfig files may be written in. */
const clientConfig = (who: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: { server: API_SERVER, 'certificate-authority': pki('ca.crt') } }],
    users: [{ name: who, user: { 'client-certificate': pki(`${who}.crt`), 'client-key': pki(`${who}.key`) } }],
    contexts: [{ name: 'cluster', context: { cluster: 'cluster', user: who } }],
    'current-context': 'cluster',
  });
