import { z } from 'zod';
import { type ChunkSpec, ChunkSpecSchema, UPSCALER_VERSION } from '../../shared/chunks.ts';
import { log } from '../../shared/log.ts';
import { Refusal } from '../../shared/refusal.ts';
import { chunkHash } from '../../shared/segment-hash.ts';

const VersionSchema = z.object({ upscalerVersion: z.number().int() });

/**
 * The chunk of the name `item` that a request's content describes; null where it is one of an earlier version of Montage, which no
 * job waits for once its `reconcile` is of this version: that asks for chunks of this one.
 *
 * @throws an error that may pass when it is one of a later version: while Montage is being updated the request is delivered again, and
 * comes to a pod of that version.
 * @throws {Refusal} when it describes no chunk, or another one than its name says.
 */
export function chunkAskedFor(body: unknown, item: string): ChunkSpec | null {
  const version = VersionSchema.safeParse(body).data?.upscalerVersion ?? UPSCALER_VERSION;
  if (version > UPSCALER_VERSION)
    throw new Error(
      `This upscale makes chunks of version ${UPSCALER_VERSION} and was asked for one of version ${version}: update upscale to the version of the other functions`,
    );
  if (version < UPSCALER_VERSION) {
    log.warn('a chunk of an earlier version is no longer made', { chunk: item, version, made: UPSCALER_VERSION });
    return null;
  }
  const { data: spec, error } = ChunkSpecSchema.safeParse(body);
  if (!spec)
    throw new Refusal(
      `The request for the chunk ${item} describes none (${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}): retry the job, which asks for it anew`,
    );
  const name = chunkHash(spec);
  if (name !== item)
    throw new Refusal(
      `The request for the chunk ${item} describes another one, ${name}: retry the job, which asks for it anew`,
    );
  return spec;
}
