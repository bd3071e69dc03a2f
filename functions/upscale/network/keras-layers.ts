import { z } from 'zod';
import { type Convolution, type MapName, type Network, NetworkSchema } from './network.ts';

const LayerSchema = z.object({
  class_name: z.string(),
  name: z.string(),
  config: z.object({
    beta: z.number().optional(),
    padding: z.enum(['same', 'valid']).optional(),
    activation: z.enum(['linear', 'relu']).optional(),
    /** What no layer has otherwise. */
    strides: z.tuple([z.literal(1), z.literal(1)]).optional(),
    dilation_rate: z.tuple([z.literal(1), z.literal(1)]).optional(),
    interpolation: z.literal('nearest').optional(),
  }),
  /** Of each use of the layer, what it reads: name, number of the use, number of the output. */
  inbound_nodes: z.array(z.array(z.tuple([z.string(), z.number(), z.number()]).rest(z.unknown()))),
});
type Layer = z.infer<typeof LayerSchema>;

/** `model.json` of a layers model of TensorFlow.js, as far as the networks of @upscalerjs need it. */
export const LayersModelSchema = z.object({
  modelTopology: z.object({ model_config: z.object({ config: z.object({ layers: z.array(LayerSchema) }) }) }),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.number()), dtype: z.literal('float32') })),
    }),
  ),
});
export type LayersModel = z.infer<typeof LayersModelSchema>;

/**
 * A value on the way through the layers: maps one after the other, the convolution that makes the last of them still
 * open to be added to.
 */
type Value = MapName[];

/**
 * The network that Keras' layers describe: residual dense networks (RDN, Zhang et al. 2018, and those of ESRGAN, Wang
 * et al. 2018). What stands alone there (ReLU, factor, sum, concatenation) becomes part of the convolution before or
 * after it.
 *
 * @throws when there is a layer that such networks don't have.
 */
export function networkOf(model: LayersModel): Network {
  const layers = model.modelTopology.model_config.config.layers;
  const shapes = new Map(
    model.weightsManifest.flatMap(({ weights }) => weights.map(({ name, shape }) => [name, shape])),
  );
  const values = new Map<string, Value>();
  const factors = new Map<string, number>();
  const made = new Map<MapName, Convolution>();
  const inputsOf = ({ name, inbound_nodes }: Layer): string[] => {
    const [node] = inbound_nodes;
    if (!node) throw new Error(`Layer ${name} reads nothing`);
    return node.map(([from]) => from);
  };
  const valueAt = (name: string): Value => {
    const value = values.get(name);
    if (!value) throw new Error(`Layer ${name} is read before it is there`);
    return value;
  };
  const single = (name: string): MapName => {
    const [map, ...more] = valueAt(name);
    if (map === undefined || more.length > 0) throw new Error(`Layer ${name} is not one map`);
    return map;
  };
  let enlarged: { name: string; from: MapName; enlargement: Network['last']['enlargement'] } | null = null;
  let last: Network['last'] | null = null;
  let scale = 0;
  for (const layer of layers) {
    const { class_name: kind, name, config } = layer;
    if (kind === 'InputLayer') values.set(name, ['picture']);
    else if (kind === 'Conv2D') {
      const [read = ''] = inputsOf(layer);
      const [height, width, inputs, outputs] = shapes.get(`${name}/kernel`) ?? [];
      if (height === undefined || height !== width || !inputs || !outputs)
        throw new Error(`Layer ${name} has no kernel`);
      if (config.activation === 'relu' || (config.padding === 'valid' && height > 1))
        throw new Error(`Layer ${name} is no plain convolution`);
      if (enlarged?.name === read) {
        if (height !== 3 || outputs !== 3) throw new Error(`Layer ${name} is not what networks end with`);
        last = { name, from: enlarged.from, enlargement: enlarged.enlargement, kernel: 3, inputs };
        continue;
      }
      const from = valueAt(read).map((map) => ({ map, kernel: height }));
      const channels = from.reduce((sum, { map }) => sum + (made.get(map)?.outputs ?? 3), 0);
      if (channels !== inputs) throw new Error(`Layer ${name} doesn't read as many channels as it has numbers for`);
      made.set(name, { name, from, outputs, relu: false, plus: [] });
      values.set(name, [name]);
    } else if (kind === 'Activation') {
      const map = single(inputsOf(layer)[0] as string);
      made.set(map, { ...(made.get(map) as Convolution), relu: true });
      values.set(name, [map]);
    } else if (kind === 'Concatenate') values.set(name, inputsOf(layer).flatMap(valueAt));
    else if (kind === 'MultiplyBeta') {
      const [read = ''] = inputsOf(layer);
      values.set(name, [single(read)]);
      factors.set(name, (factors.get(read) ?? 1) * (config.beta ?? 1));
    } else if (kind === 'Add') {
      const [one = '', other = ''] = inputsOf(layer);
      // What was made last takes the other up.
      const order = [...made.keys()];
      const [young, old] = order.indexOf(single(one)) > order.indexOf(single(other)) ? [one, other] : [other, one];
      const map = single(young);
      const convolution = made.get(map) as Convolution;
      const plus = { times: factors.get(young) ?? 1, map: single(old) };
      made.set(map, { ...convolution, plus: [...convolution.plus, plus] });
      values.set(name, [map]);
    } else if (kind === 'UpSampling2D' || /^PixelShuffle\dx$/.test(kind)) {
      const from = single(inputsOf(layer)[0] as string);
      enlarged = { name, from, enlargement: kind === 'UpSampling2D' ? 'nearest' : 'pixel shuffle' };
      scale = Math.sqrt((made.get(from)?.outputs ?? 0) / 3);
    } else throw new Error(`There is no layer ${kind} in networks of this kind`);
  }
  if (!last) throw new Error('The network does not end with a large picture');
  // The networks that were trained with 0 to 1 call their picture LR_input.
  const range = values.has('LR_input') ? 1 : 255;
  return NetworkSchema.parse({ scale, convolutions: [...made.values()], last, range });
}
