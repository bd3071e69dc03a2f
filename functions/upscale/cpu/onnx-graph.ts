import type { Scale } from '../../../shared/super-resolution.ts';
import type { Model, Weights } from '../network/model.ts';
import type { Convolution, MapName, Network } from '../network/network.ts';
import { type OnnxNode, type OnnxTensor, onnxModel } from './onnx-proto.ts';

const OPERATOR_SET = 17;
/** Names of what goes in and what comes out. */
export const SMALL = 'picture';
export const LARGE = 'large picture';

/**
 * onnxruntime convolves maps of whole blocks of channels, 8 or 16 by the CPU, without taking them apart and putting
 * them together again between two convolutions: all are filled up to that with channels of zeros, but those of so few that
 * it reads them as they are, as a picture's.
 */
const BLOCK = 16;
const FEW_CHANNELS = 4;
const filledUp = (channels: number) => (channels <= FEW_CHANNELS ? channels : Math.ceil(channels / BLOCK) * BLOCK);

/** A feature map in the graph: its value's name, its channels, and how many there are with those that fill it up. */
interface FilledMap {
  value: string;
  channels: number;
  filled: number;
}

/**
 * A model in ONNX. It reads 1 × 3 × height × width numbers, planes of red, green and blue from 0 to the network's
 * range, and makes the large picture in the same way; that is not clamped, since what makes samples of it does that.
 */
export function onnxOf({ network, weights }: Model): Uint8Array<ArrayBuffer> {
  const { convolutions, last, scale } = network;
  const graph = new Graph();
  const maps = new Map<MapName, FilledMap>([['picture', { value: SMALL, channels: 3, filled: 3 }]]);
  const mapAt = (name: MapName) => maps.get(name) as FilledMap;
  for (const convolution of convolutions) {
    const { name, outputs: channels } = convolution;
    const filled = laidOut(network) === name ? channels : filledUp(channels);
    const value = convolve(graph, convolution, filled, weights.get(name) as Weights, mapAt);
    maps.set(name, { value, channels, filled });
  }
  const enlarge = last.enlargement === 'nearest' ? nearest : pixelShuffle;
  enlarge(graph, mapAt(last.from), weights.get(last.name) as Weights, scale);
  return onnxModel(
    {
      name: `×${scale}`,
      nodes: graph.nodes,
      tensors: graph.tensors,
      inputs: [{ name: SMALL, dims: [1, 3, 'height', 'width'] }],
      outputs: [{ name: LARGE, dims: [1, 3, 'large height', 'large width'] }],
    },
    OPERATOR_SET,
  );
}

/** The map whose channels become pixels: it has those for them and no more. */
const laidOut = ({ last }: Network): MapName | null => (last.enlargement === 'pixel shuffle' ? last.from : null);

/** A graph as far as it is there. */
class Graph {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];

  /** Gives the name of what it makes. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: NonNullable<OnnxNode['attributes']> = {},
    output = `${op} ${this.nodes.length}`,
  ): string {
    this.nodes.push({ op, inputs, output, attributes });
    return output;
  }

  /** Numbers that stay. */
  tensor(dims: readonly number[], data: Float32Array): string {
    const name = `tensor ${this.tensors.length}`;
    this.tensors.push({ name, dims, data });
    return name;
  }

  times(value: string, factor: number): string {
    return factor === 1 ? value : this.add('Mul', [value, this.tensor([], Float32Array.of(factor))]);
  }

  /** A convolution by a square kernel, with zeros around it so that the size stays. */
  convolution(from: string, { numbers, outputs, inputs, side }: Kernel, bias: Float32Array | null, output?: string) {
    const pad = (side - 1) / 2;
    const kernel = this.tensor([outputs, inputs, side, side], numbers);
    const added = bias ? [this.tensor([outputs], bias)] : [];
    const attributes = { kernel_shape: [side, side], pads: [pad, pad, pad, pad] };
    return this.add('Conv', [from, kernel, ...added], attributes, output);
  }
}

/** A kernel as ONNX has it: by output and input channel, row and column. */
interface Kernel {
  numbers: Float32Array;
  outputs: number;
  inputs: number;
  side: number;
}

/**
 * A convolution and what follows it. One that reads several maps is the sum of one convolution each: so none has to be
 * copied to where it lies beside the others, and none has to be kept for longer than it takes.
 */
function convolve(
  graph: Graph,
  { from, relu, plus }: Convolution,
  filled: number,
  { kernels, bias }: Weights,
  mapAt: (name: MapName) => FilledMap,
): string {
  const { factor, addends } = sumOf(plus);
  // With no ReLU in between, the convolutions themselves multiply, and add what they read anyway.
  const own = relu ? 1 : factor;
  let left = addends;
  let value: string | null = null;
  for (const [i, { map: read, kernel: side }] of from.entries()) {
    const { value: there, channels, filled: inputs } = mapAt(read);
    const kernel = kernels[i] as Float32Array;
    const part = arranged(kernel, { side, channels, inputs, outputs: bias.length, filled, factor: own });
    if (!relu) {
      for (const addend of left.filter(({ map }) => map === read)) addTo(part, channels, addend.factor);
      left = left.filter(({ map }) => map !== read);
    }
    const biases = new Float32Array(filled);
    biases.set(bias.map((each) => each * own));
    const made: string = graph.convolution(there, part, value === null ? biases : null);
    value = value === null ? made : graph.add('Add', [made, value]);
  }
  if (value === null) throw new Error('A convolution reads nothing');
  if (relu) value = graph.times(graph.add('Relu', [value]), factor);
  return left.reduce((sum, { map, factor }) => graph.add('Add', [sum, graph.times(mapAt(map).value, factor)]), value);
}

/** What follows a convolution as one sum: what its own value is multiplied with, and each map that is added. */
function sumOf(plus: Convolution['plus']): { factor: number; addends: { map: MapName; factor: number }[] } {
  // Each multiplies all that is there before it.
  const from = (n: number) => plus.slice(n).reduce((product, { times }) => product * times, 1);
  return { factor: from(0), addends: plus.map(({ map }, n) => ({ map, factor: from(n + 1) })) };
}

interface Part {
  side: number;
  channels: number;
  outputs: number;
  /** What the channels of its map, and those that it makes, are filled up to. */
  inputs: number;
  filled: number;
  factor: number;
}

/** A model's kernel for one map, times a factor. */
function arranged(kernel: Float32Array, { side, channels, outputs, inputs, filled, factor }: Part): Kernel {
  const places = side ** 2;
  const numbers = new Float32Array(filled * inputs * places);
  for (let place = 0; place < places; place++) {
    for (let input = 0; input < channels; input++) {
      const at = (place * channels + input) * outputs;
      for (let output = 0; output < outputs; output++) {
        numbers[(output * inputs + input) * places + place] = (kernel[at + output] as number) * factor;
      }
    }
  }
  return { numbers, outputs: filled, inputs, side };
}

/** Makes a kernel add the channels that it reads to those that it makes, times a factor. */
function addTo({ numbers, inputs, side }: Kernel, channels: number, factor: number): void {
  const centre = (side ** 2 - 1) / 2;
  for (let channel = 0; channel < channels; channel++) {
    const at = (channel * inputs + channel) * side ** 2 + centre;
    numbers[at] = (numbers[at] as number) + factor;
  }
}

/**
 * A pixel's channels as `scale` × `scale` pixels, in the order of TensorFlow's depth_to_space, which ONNX calls DCR;
 * then a convolution.
 */
function pixelShuffle(graph: Graph, { value, channels }: FilledMap, { kernels, bias }: Weights, scale: Scale): void {
  const large = graph.add('DepthToSpace', [value], { blocksize: scale, mode: 'DCR' });
  const inputs = channels / scale ** 2;
  const whole = { side: 3, channels: inputs, outputs: 3, inputs, filled: 3, factor: 1 };
  graph.convolution(large, arranged(kernels[0] as Float32Array, whole), bias, LARGE);
}

/**
 * Every pixel `scale` × `scale` times, then a convolution. Since it reads equal pixels, what it multiplies is
 * multiplied at the small size, once for each of its 3 × 3 places; then each of the `scale` × `scale` pixels is a sum
 * of such products, of the pixel that it came from and of that one's neighbours.
 */
function nearest(graph: Graph, { value, channels, filled }: FilledMap, { kernels, bias }: Weights, scale: Scale): void {
  const kernel = kernels[0] as Float32Array;
  const pixels = scale ** 2;
  const all = filledUp(27);
  const products = new Float32Array(all * filled);
  const sums = new Float32Array(3 * pixels * all * 9);
  for (let place = 0; place < 9; place++) {
    const [down, right] = [Math.floor(place / 3) - 1, (place % 3) - 1];
    for (let colour = 0; colour < 3; colour++) {
      const product = place * 3 + colour;
      for (let input = 0; input < channels; input++) {
        products[product * filled + input] = kernel[(place * channels + input) * 3 + colour] as number;
      }
      for (let pixel = 0; pixel < pixels; pixel++) {
        const row = Math.floor((Math.floor(pixel / scale) + down) / scale) + 1;
        const column = Math.floor(((pixel % scale) + right) / scale) + 1;
        sums[((pixel * 3 + colour) * all + product) * 9 + row * 3 + column] = 1;
      }
    }
  }
  const made = graph.convolution(value, { numbers: products, outputs: all, inputs: filled, side: 1 }, null);
  const biases = new Float32Array(3 * pixels).map((_, n) => bias[n % 3] as number);
  const summed = graph.convolution(made, { numbers: sums, outputs: 3 * pixels, inputs: all, side: 3 }, biases);
  graph.add('DepthToSpace', [summed], { blocksize: scale, mode: 'DCR' }, LARGE);
}
