import { Refusal } from '../../../shared/refusal.ts';
import { surroundings } from '../network/network.ts';
import { smallestTile, type Tile, tilesOf } from '../tiles.ts';
import { Buffers } from './buffers.ts';
import type { Gpu } from './dawn.ts';
import { arenaBytes, type Lane, type LaneParts, lanesOf, pixelsIn } from './lanes.ts';
import { laneBytes, type PictureMemory, pictureMemory } from './picture-memory.ts';
import { mostBytes } from './plan.ts';

/** Pictures under way: one that is brought, one that is computed, one that is fetched. */
const AT_ONCE = 3;

type Wanted = Pick<LaneParts, 'model' | 'from' | 'precision'>;

/** @throws {Refusal} when a picture needs more memory in one piece than the GPU ever gives. */
export function refuseTooLarge(gpu: Pick<Gpu, 'name' | 'limits'>, wanted: Wanted): void {
  const { planes, made } = memoryOf(wanted);
  const needed = Math.max(planes, made, smallestArena(wanted));
  if (needed <= mostBytes(gpu)) return;
  throw new Refusal(
    `The GPU ${gpu.name} gives ${Math.floor(mostBytes(gpu) / 1e6)} MB of memory in one piece, and to make ${nameOf(wanted)} larger takes ${Math.ceil(needed / 1e6)} MB: ${INSTEAD}`,
  );
}

/**
 * Lanes that a device has memory for. Where that is short, what takes most of it gives way: feature maps are computed in smaller tiles,
 * or fewer pictures are under way.
 *
 * @param most bytes of the feature maps of a tile.
 * @throws an error for a person when there is too little for one picture in the smallest tiles.
 */
export async function fittedLanes(
  parts: Omit<LaneParts, 'buffers' | 'tiles' | 'memory' | 'count'> & { gpu: Pick<Gpu, 'name'> },
  most: number,
): Promise<{ lanes: Lane[]; tiles: readonly Tile[] }> {
  const { device, model, precision, gpu } = parts;
  const memory = memoryOf(parts);
  const smallest = smallestArena(parts);
  let [bytes, count] = [most, AT_ONCE];
  while (bytes >= smallest) {
    const tiles = tilesOf({ ...around(parts), most: pixelsIn(bytes, model.network, precision) });
    const buffers = new Buffers(device);
    const lanes = await withinMemory(device, () => lanesOf({ ...parts, buffers, tiles, memory, count }));
    if (lanes) return { lanes, tiles };
    buffers[Symbol.dispose]();
    // Memory is given back when nothing is under way that was to fill it.
    await device.queue.onSubmittedWorkDone();
    const { read } = tiles[0] as Tile;
    const maps = arenaBytes(read.width * read.height, model.network, precision);
    if (count > 1 && (count * laneBytes(memory) >= maps || maps / 2 < smallest)) count--;
    else bytes = maps / 2;
  }
  throw new Error(`The GPU ${gpu.name} has too little memory free to make ${nameOf(parts)} larger: ${INSTEAD}`);
}

const INSTEAD = 'choose a smaller scale, another GPU, or the CPU (--device cpu, --upscale-on-cpu; in an order, onCpu)';

/** What is prepared; null where the device hasn't that much memory. WebGPU tells later, to whoever asks, what is wrong. */
async function withinMemory<T>(device: GPUDevice, prepare: () => T): Promise<T | null> {
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  const prepared = prepare();
  const short = await device.popErrorScope();
  const wrong = await device.popErrorScope();
  // A buffer that there is no memory for isn't valid either.
  if (short) return null;
  if (wrong) throw new Error(wrong.message);
  return prepared;
}

const around = ({ from, model }: Wanted) => ({ ...from, ...surroundings(model.network) });
const memoryOf = ({ from, model }: Wanted): PictureMemory => pictureMemory(from, model.network.scale);
const smallestArena = (wanted: Wanted): number =>
  arenaBytes(smallestTile(around(wanted)), wanted.model.network, wanted.precision);
const nameOf = ({ from, model: { network } }: Wanted): string =>
  `a picture of ${from.width}×${from.height} ${network.scale} times`;
