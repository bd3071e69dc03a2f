import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { apply } from './kubectl.ts';
import { RUN } from './places.ts';

const CLASS = 'standard';
// Nothing here makes a volume for a claim: each claim takes one of these, and none is given out twice.
const VOLUMES = 16;
/** Who MinIO runs as. */
const OWNER = 1000;

/** Gives the cluster a class of volumes that claims get without asking for one, each a folder of this machine. */
export async function createVolumes(): Promise<void> {
  const folders = Array.from({ length: VOLUMES }, (_, index) => join(RUN, 'volumes', String(index)));
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    await chown(folder, OWNER, OWNER);
  }
  await apply(
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: CLASS, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'kubernetes.io/no-provisioner',
    },
    ...folders.map((path, index) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `volume-${index}` },
      spec: {
        capacity: { storage: '20Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: CLASS,
        hostPath: { path, type: 'Directory' },
      },
    })),
  );
}
