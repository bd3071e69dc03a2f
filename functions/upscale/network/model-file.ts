import { createHash } from 'node:crypto';
import { type Model, type Weights, weightSizes } from './model.ts';
import { NetworkSchema } from './network.ts';

/**
 * A model as one file: the length of the network as JSON (32 bits), the network, then
 * each convolution's kernels and bias in the network's order: 32-bit floats. Numbers are little endian.
 */
export function packModel({ network, weights }: Model): Uint8Array {
  const numbers = weightSizes(network).flatMap(({ name, kernels, bias }) => {
    const of = weights.get(name);
    const whole = of && kernels.every((length, i) => of.kernels[i]?.length === length) && of.bias.length === bias;
    if (!whole) throw new Error(`Not the weights of ${name}`);
    return [...of.kernels, of.bias].map((each) => Buffer.from(each.buffer, each.byteOffset, each.byteLength));
  });
  const json = Buffer.from(JSON.stringify(network));
  // So that the numbers lie on a multiple of four.
  const padded = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4, ' ')]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  return Buffer.concat([length, padded, ...numbers]);
}

/**
 * @param checksum the file's SHA-256, in hexadecimal.
 * @throws when the file isn't what that is of.
 */
export function unpackModel(file: Uint8Array, checksum: string): Model {
  if (checksumOf(file) !== checksum) throw new Error('The model is another: its checksum differs');
  const all = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const from = 4 + all.readUInt32LE();
  const network = NetworkSchema.parse(JSON.parse(all.toString('utf8', 4, from)));
  // A copy lies on a multiple of four, wherever the file was read to.
  const numbers = new Float32Array(new Uint8Array(all.subarray(from)).buffer);
  const weights = new Map<string, Weights>();
  let at = 0;
  const take = (length: number) => {
    at += length;
    return numbers.subarray(at - length, at);
  };
  for (const { name, kernels, bias } of weightSizes(network))
    weights.set(name, { kernels: kernels.map(take), bias: take(bias) });
  return { network, weights };
}

export const checksumOf = (file: Uint8Array): string => createHash('sha256').update(file).digest('hex');
