import { Refusal, sentenceOf } from '../shared/refusal.ts';

/** What a person can do something about, in a sentence that names the store by its `url`; anything else as it is. */
export function minioError(error: unknown, url: string): unknown {
  if (isCode(error, 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AccessDenied'))
    return new Refusal(
      `The object store at ${url} refuses access: check MONTAGE_STORE_ACCESS_KEY, MONTAGE_STORE_SECRET_KEY and their rights`,
    );
  if (isCode(error, 'EntityTooLarge'))
    return new Refusal(`The file is larger than the object store at ${url} takes: give a smaller one`);
  if (isCode(error, 'NoSuchBucket'))
    return new Error(`The object store at ${url} lacks a bucket: start Montage once to make them`, { cause: error });
  if (isCode(error, 'XMinioStorageFull', 'QuotaExceeded', 'XMinioAdminBucketQuotaExceeded'))
    return new Error(`The object store at ${url} is full: free some space and try again`, { cause: error });
  if (isCode(error, 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET'))
    return new Error(`The object store at ${url} can't be reached (${sentenceOf(error)}): is it running?`, {
      cause: error,
    });
  if (isOverloaded(error))
    return new Error(`The object store at ${url} is too busy just now: try again`, { cause: error });
  return error;
}

/** True when there is no such object. A missing bucket is a fault of the set-up instead. */
export function isMissing(error: unknown): boolean {
  return isCode(error, 'NoSuchKey', 'NotFound');
}

/** The `minio` package keeps nothing of such an answer (503 and the like) but its number. */
export function isOverloaded(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Retryable HTTP status');
}

/** True for an error of S3 or of the system with one of these codes. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  if (error instanceof AggregateError) return error.errors.some((inner) => isCode(inner, ...codes));
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
