import { BUCKETS, type Bucket } from '../shared/keys.ts';
import type { MinioStore } from './minio.ts';
import { callAdmin, sealed } from './minio-admin.ts';

export interface StoreUser {
  accessKey: string;
  secretKey: string;
}

/** Which of our buckets a user works in, under a name for that. */
export interface StoreRights {
  name: string;
  buckets: readonly Bucket[];
}

/** Of the functions that have one user for all of them. */
const FUNCTIONS: StoreRights = { name: 'functions', buckets: BUCKETS };
/** Of GPUs on somebody else's machines: segments and leases, requests and markers, and nobody's clips, songs or films. */
export const CLOUD: StoreRights = { name: 'cloud', buckets: ['cache', 'jobs'] };

/** What functions do in our buckets: nothing of it changes a bucket, or lets anybody else in. */
const IN_BUCKETS = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'];
const WITH_OBJECTS = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
];

/**
 * Makes a user that functions are, who may read and write objects of our buckets and nothing else: a function decodes what
 * anybody has uploaded, and must not hold the keys of the whole store. Doing it again changes nothing but the secret, to the one given.
 *
 * @param store as MinIO's root.
 * @param rootSecretKey the secret key of that.
 */
export async function setUser(
  store: MinioStore,
  rootSecretKey: string,
  user: StoreUser,
  rights: StoreRights = FUNCTIONS,
): Promise<void> {
  const policy = `${store.bucketName('jobs')}-${rights.name}`;
  const account = JSON.stringify({ secretKey: user.secretKey, status: 'enabled' });
  await callAdmin(store, 'add-canned-policy', { name: policy }, JSON.stringify(policyOf(store, rights)));
  await callAdmin(store, 'add-user', { accessKey: user.accessKey }, sealed(account, rootSecretKey));
  await callAdmin(store, 'set-user-or-group-policy', {
    policyName: policy,
    userOrGroup: user.accessKey,
    isGroup: 'false',
  });
}

function policyOf(store: MinioStore, rights: StoreRights): object {
  const buckets = rights.buckets.map((bucket) => `arn:aws:s3:::${store.bucketName(bucket)}`);
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: IN_BUCKETS, Resource: buckets },
      { Effect: 'Allow', Action: WITH_OBJECTS, Resource: buckets.map((bucket) => `${bucket}/*`) },
    ],
  };
}
