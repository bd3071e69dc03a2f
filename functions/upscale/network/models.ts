import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../../../shared/refusal.ts';
import type { ModelName, Scale } from '../../../shared/super-resolution.ts';
import { fileOf } from '../brought.ts';
import { CHECKSUMS } from './checksums.ts';
import { folded } from './folded.ts';
import { readKerasModel } from './keras-model.ts';
import type { Model } from './model.ts';
import { checksumOf, packModel, unpackModel } from './model-file.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'models');

/** Where a model's one file is, or will be. */
export const modelPath = (name: ModelName, scale: Scale): string => join(folder, `${name}-x${scale}.model`);

/** A model to be computed: as it was published, but for multiplications that can be saved. */
export const loadModel = async (name: ModelName, scale: Scale): Promise<Model> =>
  folded(await publishedModel(name, scale));

/**
 * A model as it was published, from its one file; that is made from the package's layers when it is first wanted, damaged, or
 * of other layers.
 *
 * @throws {Refusal} when the layers aren't those that were published.
 */
export async function publishedModel(
  name: ModelName,
  scale: Scale,
  path = modelPath(name, scale),
  layers = () => fileOf(`@upscalerjs/esrgan-${name}`, `models/x${scale}/model.json`),
): Promise<Model> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  try {
    if (file) return unpackModel(file, CHECKSUMS[name][scale]);
  } catch {
    // All that is in it is in the package as well.
  }
  const from = layers();
  // What can't be read isn't what was published either.
  const model = await readKerasModel(from).catch(() => null);
  const made = model && packModel(model);
  if (!made || checksumOf(made) !== CHECKSUMS[name][scale])
    throw new Refusal(
      `The weights of ${name} ×${scale} are not those that were published; delete functions/upscale/node_modules, and they are installed again`,
    );
  // Where nothing can be written, it is converted each time.
  await keepFile(made, path).catch((error: NodeJS.ErrnoException) => {
    if (!NOT_WRITABLE.has(error.code)) throw error;
  });
  return model;
}

const NOT_WRITABLE: ReadonlySet<string | undefined> = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT']);

async function keepFile(file: Uint8Array, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Whole or not at all, whoever else does the same.
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, file);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
