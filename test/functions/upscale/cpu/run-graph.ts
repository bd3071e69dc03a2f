import { brought } from '../../../../functions/upscale/brought.ts';
import { LARGE, onnxOf, SMALL } from '../../../../functions/upscale/cpu/onnx-graph.ts';
import type { Model } from '../../../../functions/upscale/network/model.ts';

/** What onnxruntime makes of a picture by the graph of a model: three planes of red, green and blue. */
export async function runGraph(
  model: Model,
  rgb: Float32Array,
  { width, height }: { width: number; height: number },
): Promise<Float32Array> {
  const { InferenceSession, Tensor } = await brought<typeof import('onnxruntime-common')>('onnxruntime-node');
  const session = await InferenceSession.create(onnxOf(model), { intraOpNumThreads: 1 });
  const { [LARGE]: large } = await session.run({ [SMALL]: new Tensor('float32', rgb, [1, 3, height, width]) });
  const { scale } = model.network;
  if (large?.dims.join() !== [1, 3, height * scale, width * scale].join()) throw new Error(`Not large: ${large?.dims}`);
  const numbers = (large.data as Float32Array).slice();
  await session.release();
  return numbers;
}
