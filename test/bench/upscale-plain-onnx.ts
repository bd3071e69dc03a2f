import { LARGE, SMALL } from '../../functions/upscale/cpu/onnx-graph.ts';
import { type OnnxNode, type OnnxTensor, onnxModel } from '../../functions/upscale/cpu/onnx-proto.ts';
import type { Model } from '../../functions/upscale/network/model.ts';

const OPERATOR_SET = 17;

/**
 * A model as any converter writes it in ONNX, operator by operator: what onnxruntime makes of that by itself is what ours is
 * measured against. It reads and makes what `onnxOf` does.
 */
export function plainOnnx({ network, weights }: Model): Uint8Array<ArrayBuffer> {
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [];
  const values = new Map([['picture', SMALL]]);
  const add = (
    op: string,
    inputs: readonly string[],
    attributes: OnnxNode['attributes'] = {},
    output = `${op} ${nodes.length}`,
  ) => {
    nodes.push({ op, inputs, output, attributes });
    return output;
  };
  const tensor = (dims: readonly number[], data: Float32Array) => {
    const name = `tensor ${tensors.length}`;
    tensors.push({ name, dims, data });
    return name;
  };
  const convolution = (name: string, from: string, side: number, outputs: number, output?: string) => {
    const own = weights.get(name);
    if (!own) throw new Error(`There are no weights of ${name}`);
    const counts = own.kernels.map(({ length }) => length / (side ** 2 * outputs));
    const inputs = counts.reduce((sum, count) => sum + count, 0);
    const numbers = new Float32Array(side ** 2 * inputs * outputs);
    let first = 0;
    for (const [i, count] of counts.entries()) {
      const kernel = own.kernels[i] as Float32Array;
      for (let place = 0; place < side ** 2; place++)
        for (let input = 0; input < count; input++)
          for (let out = 0; out < outputs; out++)
            numbers[(out * inputs + first + input) * side ** 2 + place] = kernel[
              (place * count + input) * outputs + out
            ] as number;
      first += count;
    }
    const pad = (side - 1) / 2;
    const kernel = [tensor([outputs, inputs, side, side], numbers), tensor([outputs], own.bias)];
    return add('Conv', [from, ...kernel], { kernel_shape: [side, side], pads: [pad, pad, pad, pad] }, output);
  };
  const made = (map: string) => values.get(map) as string;
  for (const { name, from, outputs, relu, plus } of network.convolutions) {
    const [one, ...others] = from.map(({ map }) => made(map)) as [string, ...string[]];
    const read = others.length > 0 ? add('Concat', [one, ...others], { axis: 1 }) : one;
    // A published network reads all maps by one side.
    let value = convolution(name, read, from[0]?.kernel as number, outputs);
    if (relu) value = add('Relu', [value]);
    for (const { times, map } of plus) {
      const scaled = times === 1 ? value : add('Mul', [value, tensor([], Float32Array.of(times))]);
      value = add('Add', [scaled, made(map)]);
    }
    values.set(name, value);
  }
  const { last, scale } = network;
  const large =
    last.enlargement === 'nearest'
      ? add('Resize', [made(last.from), '', tensor([4], Float32Array.of(1, 1, scale, scale))], {
          mode: 'nearest',
          coordinate_transformation_mode: 'asymmetric',
          nearest_mode: 'floor',
        })
      : add('DepthToSpace', [made(last.from)], { blocksize: scale, mode: 'DCR' });
  convolution(last.name, large, last.kernel, 3, LARGE);
  return onnxModel(
    {
      ...{ name: `plain ×${scale}`, nodes, tensors },
      inputs: [{ name: SMALL, dims: [1, 3, 'height', 'width'] }],
      outputs: [{ name: LARGE, dims: [1, 3, 'large height', 'large width'] }],
    },
    OPERATOR_SET,
  );
}
