/** `node test/bench/gpu/networks.ts`: how many pictures a second become larger on a GPU, against PyTorch there; needs no ffmpeg. */
import { findDevices, tuningsOfUser } from '../../../functions/upscale/devices.ts';
import { isGpu } from '../../../functions/upscale/upscaler.ts';
import { say, told } from '../figures.ts';
import { networkFigures } from '../upscale-gpu.ts';

const gpu = (await findDevices({ tunings: tuningsOfUser() })).find(isGpu);
say(told('GPU', gpu?.name ?? 'none'));
await networkFigures(gpu);
// A GPU that was opened keeps the process.
process.exit();
