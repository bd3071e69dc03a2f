import { conversionOf } from '../colour.ts';
import { chromaSize, type PictureFormat } from '../picture-format.ts';
import type { Precision } from './convolution-shape.ts';
import { wgslNumber } from './wgsl.ts';

const GROUP = 8;

/** WGSL that makes a tile's map of red, green and blue, 0 to 1 times `range`, of a whole picture in YUV; as `rgbOf` does. */
export function pictureInShader(format: PictureFormat, range: number, precision: Precision): string {
  const { luma, chroma, rv, gu, gv, bu } = conversionOf(format);
  const size = chromaSize(format);
  const u = format.width * format.height;
  const v = u + size.width * size.height;
  const [samplesInWord, bits] = format.bits === 8 ? [4, 8] : [2, 16];
  return `${precision === 'f16' ? 'enable f16;' : ''}
alias Number = ${precision};
struct Task { x: i32, y: i32, width: u32, height: u32, made: u32 }
@group(0) @binding(0) var<storage, read_write> arena: array<vec4<Number>>;
@group(0) @binding(1) var<storage, read> picture: array<u32>;
@group(0) @binding(2) var<uniform> task: Task;

fn sample(at: u32) -> f32 {
  return f32((picture[at / ${samplesInWord}u] >> ((at % ${samplesInWord}u) * ${bits}u)) & ${2 ** bits - 1}u);
}
fn between(plane: u32, near: u32, far: u32, left: u32, right: u32) -> f32 {
  let value = 0.375 * (sample(plane + near + left) + sample(plane + near + right))
    + 0.125 * (sample(plane + far + left) + sample(plane + far + right));
  return (value - ${wgslNumber(chroma.zero)}) / ${wgslNumber(chroma.one)};
}

@compute @workgroup_size(${GROUP}, ${GROUP})
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= task.width || at.y >= task.height) { return; }
  // Beyond the picture is its edge again.
  let x = u32(clamp(task.x + i32(at.x), 0, ${format.width - 1}));
  let y = u32(clamp(task.y + i32(at.y), 0, ${format.height - 1}));
  let row = i32(y / 2u);
  let near = u32(row) * ${size.width}u;
  let far = u32(clamp(row + select(1, -1, y % 2u == 0u), 0, ${size.height - 1})) * ${size.width}u;
  let left = x / 2u;
  let right = min(${size.width - 1}u, left + x % 2u);
  let bright = (sample(y * ${format.width}u + x) - ${wgslNumber(luma.zero)}) / ${wgslNumber(luma.one)};
  let u = between(${u}u, near, far, left, right);
  let v = between(${v}u, near, far, left, right);
  let rgb = vec3f(bright + ${wgslNumber(rv)} * v, bright - ${wgslNumber(gu)} * u - ${wgslNumber(gv)} * v, bright + ${wgslNumber(bu)} * u);
  arena[task.made + at.y * task.width + at.x] = vec4<Number>(vec4f(clamp(rgb, vec3f(), vec3f(1.0)) * ${wgslNumber(range)}, 0.0));
}
`;
}

/** Workgroups that cover a tile. */
export const pictureInGroups = ({ width, height }: { width: number; height: number }) =>
  [Math.ceil(width / GROUP), Math.ceil(height / GROUP)] as const;
