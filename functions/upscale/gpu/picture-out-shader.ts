import { conversionOf } from '../colour.ts';
import type { Network } from '../network/network.ts';
import { chromaSize, type PictureFormat } from '../picture-format.ts';
import { COLUMNS, ROWS } from '../tiles.ts';
import { quads } from './arena.ts';
import type { Precision } from './convolution-shape.ts';
import { wgslNumber } from './wgsl.ts';

/** Threads of a workgroup to each side; each makes the large pixels that tiles keep multiples of. */
const GROUP = 8;

/**
 * Weights of the last convolution as the shader reads them: vec4s of red, green, blue and nothing. After enlargement to nearest
 * pixels, the nine that it reads are at most 2 × 2 pixels of the small picture: which, depends only on whether the large pixel
 * is the first, one in the middle or the last of its row and column. So its weights are added up for each of these.
 */
export function lastWeights({ last, scale }: Network, kernel: Float32Array): Float32Array {
  const { inputs } = last;
  const at = (ky: number, kx: number, input: number, output: number) =>
    kernel[((ky * 3 + kx) * inputs + input) * 3 + output] as number;
  if (last.enlargement === 'pixel shuffle') {
    const weights = new Float32Array(9 * inputs * 4);
    for (let tap = 0; tap < 9; tap++)
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < 3; output++)
          weights[(tap * inputs + input) * 4 + output] = at(Math.floor(tap / 3), tap % 3, input, output);
    return weights;
  }
  if (scale < 2) throw new Error('Nothing is enlarged');
  const padded = quads(inputs) * 4;
  const weights = new Float32Array(9 * 4 * padded * 4);
  for (let place = 0; place < 9; place++)
    for (let tap = 0; tap < 4; tap++)
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < 3; output++) {
          const rows = TAPS[Math.floor(place / 3)]?.[Math.floor(tap / 2)] ?? [];
          const columns = TAPS[place % 3]?.[tap % 2] ?? [];
          const sum = rows.reduce((all, ky) => columns.reduce((some, kx) => some + at(ky, kx, input, output), all), 0);
          weights[((place * 4 + tap) * padded + input) * 4 + output] = sum;
        }
  return weights;
}

/** For the first, a middle and the last large pixel of a small one: which of three taps fall on the small pixel before or itself, and on itself or the next. */
const TAPS: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[0], [1, 2]],
  [[0, 1, 2], []],
  [[0, 1], [2]],
];

/** WGSL that makes a tile's part of the large picture in YUV of the last feature map, as numbers; as `paint` does. */
export function pictureOutShader(network: Network, to: PictureFormat, precision: Precision): string {
  const { last, range } = network;
  const { rv, bu, kr, kg, kb } = conversionOf(to);
  const chroma = chromaSize(to);
  const u = to.width * to.height;
  return `${precision === 'f16' ? 'enable f16;' : ''}
alias Number = ${precision};
struct Task {
  // What was read of the small picture, and what of it is kept.
  readX: i32, readY: i32, width: u32, height: u32,
  x: u32, y: u32, endX: u32, endY: u32,
  map: u32, weights: u32, bias: u32,
}
@group(0) @binding(0) var<storage, read_write> arena: array<vec4<Number>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<Number>>;
@group(0) @binding(2) var<uniform> task: Task;
@group(0) @binding(3) var<storage, read_write> planes: array<f32>;

${last.enlargement === 'nearest' ? nearest(network) : pixelShuffle(network)}

/** Luma and both differences. */
fn yuv(x: i32, y: i32) -> vec3f {
  let place = clamp(vec2i(x, y), vec2i(), vec2i(${to.width - 1}, ${to.height - 1}));
  let rgb = clamp((colour(vec2u(place)) + vec3f(weights[task.bias].xyz)) / ${wgslNumber(range)}, vec3f(), vec3f(1.0));
  let bright = dot(rgb, vec3f(${[kr, kg, kb].map(wgslNumber).join(', ')}));
  return vec3f(bright, (rgb.b - bright) / ${wgslNumber(bu)}, (rgb.r - bright) / ${wgslNumber(rv)});
}

@compute @workgroup_size(${GROUP}, ${GROUP})
fn main(@builtin(global_invocation_id) at: vec3u) {
  let x = task.x + at.x * ${COLUMNS}u;
  let y = task.y + at.y * ${ROWS}u;
  if (x >= task.endX || y >= task.endY) { return; }
  var differences = array<vec2f, ${COLUMNS / 2}>();
  for (var row = 0u; row < ${ROWS}u; row++) {
    for (var column = -1; column < ${COLUMNS}; column++) {
      let here = yuv(i32(x) + column, i32(y + row));
      // A sample of chroma lies on an even column: half of it is of there, a quarter each of the columns beside.
      if (column % 2 == 0) {
        differences[column / 2] += 0.25 * here.yz;
      } else {
        if (column > 0) { differences[column / 2] += 0.125 * here.yz; }
        if (column < ${COLUMNS - 1}) { differences[(column + 1) / 2] += 0.125 * here.yz; }
      }
      if (column >= 0 && x + u32(column) < ${to.width}u && y + row < ${to.height}u) {
        planes[(y + row) * ${to.width}u + x + u32(column)] = here.x;
      }
    }
  }
  for (var i = 0u; i < ${COLUMNS / 2}u; i++) {
    if (x / 2u + i >= ${chroma.width}u) { break; }
    let place = ${u}u + (y / 2u) * ${chroma.width}u + x / 2u + i;
    planes[place] = differences[i].x;
    planes[place + ${chroma.width * chroma.height}u] = differences[i].y;
  }
}
`;
}

function nearest({ last, scale }: Network): string {
  const inputs = quads(last.inputs);
  const place = (within: string) => `select(select(1u, 2u, ${within} == ${scale - 1}u), 0u, ${within} == 0u)`;
  return `fn colour(large: vec2u) -> vec3f {
  let small = vec2i(large / ${scale}u);
  let within = large % ${scale}u;
  let place = ${place('within.y')} * 3u + ${place('within.x')};
  let before = vec2i(select(0, -1, within.x == 0u), select(0, -1, within.y == 0u));
  let taps = vec2u(select(2u, 1u, ${scale > 2 ? `within.x > 0u && within.x < ${scale - 1}u` : 'false'}), select(2u, 1u, ${scale > 2 ? `within.y > 0u && within.y < ${scale - 1}u` : 'false'}));
  var sum = vec3f();
  for (var ty = 0u; ty < taps.y; ty++) {
    for (var tx = 0u; tx < taps.x; tx++) {
      let at = small + before + vec2i(i32(tx), i32(ty)) - vec2i(task.readX, task.readY);
      if (at.x < 0 || at.y < 0 || at.x >= i32(task.width) || at.y >= i32(task.height)) { continue; }
      let start = task.map + (u32(at.y) * task.width + u32(at.x)) * ${inputs}u;
      let row = task.weights + (place * 4u + ty * 2u + tx) * ${inputs * 4}u;
      for (var i = 0u; i < ${inputs}u; i++) {
        let value = vec4f(arena[start + i]);
        let factor = row + i * 4u;
        sum += value.x * vec3f(weights[factor].xyz) + value.y * vec3f(weights[factor + 1u].xyz)
          + value.z * vec3f(weights[factor + 2u].xyz) + value.w * vec3f(weights[factor + 3u].xyz);
      }
    }
  }
  return sum;
}`;
}

function pixelShuffle({ scale, last }: Network): string {
  const inputs = quads(3 * scale ** 2);
  return `fn shuffled(place: vec2i) -> vec3f {
  let small = place / ${scale};
  let within = place % ${scale};
  let start = task.map + (u32(small.y) * task.width + u32(small.x)) * ${inputs}u;
  let channel = u32(within.y * ${scale} + within.x) * 3u;
  return vec3f(
    f32(arena[start + channel / 4u][channel % 4u]),
    f32(arena[start + (channel + 1u) / 4u][(channel + 1u) % 4u]),
    f32(arena[start + (channel + 2u) / 4u][(channel + 2u) % 4u]),
  );
}
fn colour(large: vec2u) -> vec3f {
  var sum = vec3f();
  for (var tap = 0u; tap < 9u; tap++) {
    // In pixels of the tile, of which none is before the first.
    let at = vec2i(large) + vec2i(i32(tap % 3u), i32(tap / 3u)) - 1 - ${scale} * vec2i(task.readX, task.readY);
    if (at.x < 0 || at.y < 0 || at.x >= ${scale} * i32(task.width) || at.y >= ${scale} * i32(task.height)) { continue; }
    let value = shuffled(at);
    let factor = task.weights + tap * ${last.inputs}u;
    sum += value.x * vec3f(weights[factor].xyz) + value.y * vec3f(weights[factor + 1u].xyz) + value.z * vec3f(weights[factor + 2u].xyz);
  }
  return sum;
}`;
}

/** Workgroups that cover what a tile keeps of the large picture. */
export const pictureOutGroups = (width: number, height: number) =>
  [Math.ceil(width / COLUMNS / GROUP), Math.ceil(height / ROWS / GROUP)] as const;
