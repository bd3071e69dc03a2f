/**
 * ONNX models as bytes: just the messages that are needed, with the field numbers of onnx.proto3
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3), in the encoding of protocol buffers
 * (https://protobuf.dev/programming-guides/encoding).
 */

/** Numbers of a graph that don't change. */
export interface OnnxTensor {
  name: string;
  dims: readonly number[];
  data: Float32Array;
}

export interface OnnxNode {
  /** Operator of https://onnx.ai/onnx/operators. */
  op: string;
  inputs: readonly string[];
  output: string;
  attributes?: Readonly<Record<string, number | string | readonly number[]>>;
}

/** 32-bit floats that go in or come out. A side that is known later is a name. */
export interface OnnxValue {
  name: string;
  dims: readonly (number | string)[];
}

export interface OnnxGraph {
  name: string;
  /** Each after those whose outputs it reads. */
  nodes: readonly OnnxNode[];
  tensors: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}

/**
 * IR version 8 came with operator set 15 and is what ONNX 1.12 has with 17:
 * https://onnx.ai/onnx/repo-docs/Versioning.html.
 */
const IR_VERSION = 8;
/** TensorProto.DataType.FLOAT. */
const FLOAT = 1;
/** AttributeProto.AttributeType. */
const INT = 2;
const STRING = 3;
const INTS = 7;

/** ModelProto. */
export function onnxModel(graph: OnnxGraph, operatorSet: number): Uint8Array<ArrayBuffer> {
  return joined([
    ...whole(1, IR_VERSION),
    ...text(2, 'montage'),
    ...nested(7, graphProto(graph)),
    ...nested(8, whole(2, operatorSet)),
  ]);
}

const graphProto = ({ name, nodes, tensors, inputs, outputs }: OnnxGraph): Bytes => [
  ...nodes.flatMap((node) => nested(1, nodeProto(node))),
  ...text(2, name),
  ...tensors.flatMap((tensor) => nested(5, tensorProto(tensor))),
  ...inputs.flatMap((value) => nested(11, valueInfoProto(value))),
  ...outputs.flatMap((value) => nested(12, valueInfoProto(value))),
];

const nodeProto = ({ op, inputs, output, attributes = {} }: OnnxNode): Bytes => [
  ...inputs.flatMap((name) => text(1, name)),
  ...text(2, output),
  ...text(4, op),
  ...Object.entries(attributes).flatMap(([name, value]) => nested(5, [...text(1, name), ...attribute(value)])),
];

function attribute(value: number | string | readonly number[]): Bytes {
  if (typeof value === 'number') return [...whole(3, value), ...whole(20, INT)];
  if (typeof value === 'string') return [...text(4, value), ...whole(20, STRING)];
  return [...value.flatMap((each) => whole(8, each)), ...whole(20, INTS)];
}

const tensorProto = ({ name, dims, data }: OnnxTensor): Bytes => [
  ...dims.flatMap((side) => whole(1, side)),
  ...whole(2, FLOAT),
  ...text(8, name),
  // raw_data is little endian, as are the machines that this runs on.
  ...nested(9, [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]),
];

/** ValueInfoProto of a TypeProto.Tensor, with a TensorShapeProto of one Dimension a side. */
const valueInfoProto = ({ name, dims }: OnnxValue): Bytes => {
  const sides = dims.flatMap((side) => nested(1, typeof side === 'number' ? whole(1, side) : text(2, side)));
  return [...text(1, name), ...nested(2, nested(1, [...whole(1, FLOAT), ...nested(2, sides)]))];
};

/** A message, or a part of one, in pieces that are put together at the end. */
type Bytes = readonly Uint8Array[];

/** Wire types: a number of variable length, and bytes after their length. */
const VARINT = 0;
const LENGTH = 2;

const whole = (field: number, value: number): Bytes => [varint((field << 3) | VARINT), varint(value)];

const nested = (field: number, message: Bytes): Bytes => [
  varint((field << 3) | LENGTH),
  varint(message.reduce((sum, { length }) => sum + length, 0)),
  ...message,
];

const text = (field: number, value: string): Bytes => nested(field, [Buffer.from(value)]);

/** Seven bits a byte, the lowest first; all but the last have the highest bit set. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

function joined(parts: Bytes): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
