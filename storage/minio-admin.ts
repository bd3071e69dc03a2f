import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { S3Error } from 'minio';
import { Refusal } from '../shared/refusal.ts';
import type { MinioStore } from './minio.ts';

const ADMIN = 'admin/v3/';
const SALT_BYTES = 32;
const KEY_BYTES = 32;
const PBKDF2_ROUNDS = 8192;
/** AES-256-GCM under a key by PBKDF2. */
const PBKDF2_AES_GCM = 2;
const NONCE_BYTES = 8;
const LAST_FRAGMENT = 0x80;
/** What a stream is cut into. */
const FRAGMENT_BYTES = 1 << 14;

/**
 * A call of MinIO's admin API, which lies beside the buckets and is signed as they are
 * (https://github.com/minio/madmin-go).
 *
 * @throws {Refusal} when MinIO answers that it won't: whoever asks isn't root, most likely.
 */
export async function callAdmin(
  store: MinioStore,
  call: string,
  parameters: Readonly<Record<string, string>>,
  body: string | Buffer = '',
): Promise<void> {
  const query = new URLSearchParams(parameters).toString().replaceAll('+', '%20');
  const target = { method: 'PUT', bucketName: 'minio', objectName: `${ADMIN}${call}`, query };
  await store.client.makeRequestAsyncOmit(target, body, [200], 'us-east-1').catch((error) => {
    // It answers in JSON, of which the client, which expects XML, makes nothing.
    throw error instanceof S3Error
      ? new Refusal(`MinIO refuses ${call}: check MINIO_ROOT_USER and MINIO_ROOT_PASSWORD`)
      : error;
  });
}

/**
 * What the admin API takes secrets in: `salt | kind | nonce | encrypted`, as EncryptData of madmin-go has it, in one fragment of its stream
 * (https://github.com/secure-io/sio-go).
 *
 * @param password the caller's own secret key.
 */
export function sealed(text: string, password: string): Buffer {
  const plain = Buffer.from(text, 'utf8');
  if (plain.length > FRAGMENT_BYTES) throw new RangeError(`at most ${FRAGMENT_BYTES} bytes can be sealed`);
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const key = pbkdf2Sync(password, salt, PBKDF2_ROUNDS, KEY_BYTES, 'sha256');
  const seal = (number: number, data: Buffer, associated: Buffer) => {
    const counted = Buffer.alloc(NONCE_BYTES + 4, nonce);
    counted.writeUInt32LE(number, NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, counted).setAAD(associated);
    return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
  };
  const nothing = Buffer.alloc(0);
  const associated = Buffer.concat([Buffer.of(LAST_FRAGMENT), seal(0, nothing, nothing)]);
  return Buffer.concat([salt, Buffer.of(PBKDF2_AES_GCM), nonce, seal(1, plain, associated)]);
}
