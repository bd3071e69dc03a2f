import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelName, Scale } from '../../../shared/super-resolution.ts';
import { fileOf } from '../brought.ts';
import { folded } from './folded.ts';
import { readKerasModel } from './keras-model.ts';
import type { Model } from './model.ts';
import { packModel, unpackModel } from './model-file.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'models');

/** Where a model's one file is, or will be. */
export const modelPath = (name: ModelName, scale: Scale): string => join(folder, `${name}-x${scale}.model`);

/** A model to be computed: as it was published, but for multiplications that can be saved. */
export const loadModel = async (name: ModelName, scale: Scale): Promise<Model> =>
  folded(await publishedModel(name, scale));

/**
 * A model as it was published, from its one file; that is made from the package's layers when it is first wanted, or
 * damaged.
 */
export async function publishedModel(name: ModelName, scale: Scale, path = modelPath(name, scale)): Promise<Model> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  try {
    if (file) return unpackModel(file);
  } catch {
    // All that is in it is in the package as well.
  }
  return convertModel(name, scale, path);
}

async function convertModel(name: ModelName, scale: Scale, path: string): Promise<Model> {
  const model = await readKerasModel(fileOf(`@upscalerjs/esrgan-${name}`, `models/x${scale}/model.json`));
  // Where nothing can be written, it is converted each time.
  await keepModel(model, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EROFS' && error.code !== 'EACCES') throw error;
  });
  return model;
}

async function keepModel(model: Model, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Whole or not at all, whoever else does the same.
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, packModel(model));
  await rename(unfinished, path);
}
