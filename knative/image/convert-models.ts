/** Makes the files of all networks that a montage may ask for, out of their packages. Part of the image's build. */
import { loadModel } from '../../functions/upscale/network/models.ts';
import { MODEL_NAMES, MONTAGE_SCALES } from '../../shared/super-resolution.ts';

for (const name of MODEL_NAMES) for (const scale of MONTAGE_SCALES) await loadModel(name, scale);
