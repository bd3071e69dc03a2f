import { cubicsOf, type PlanePair, planePairs, sharesOf } from '../back-projection.ts';
import { conversionOf } from '../colour.ts';
import type { PictureFormat } from '../picture-format.ts';
import { wgslNumber } from './wgsl.ts';

const GROUP = 8;
export const PLANE_KINDS = ['luma', 'chroma'] as const;
type PlaneKind = (typeof PLANE_KINDS)[number];

/** How the large picture lies in words of 32 bits while it is made: rows that begin with a word of their own. */
export interface WordLayout {
  /** Words of a row. */
  luma: number;
  chroma: number;
  /** Where planes begin, and where all ends. */
  u: number;
  v: number;
  end: number;
}

export function wordLayout(small: PictureFormat, scale: number): WordLayout {
  const samples = samplesInWord(small);
  const [{ large: y }, { large: u }] = planePairs(small, scale);
  const [luma, chroma] = [Math.ceil(y.width / samples), Math.ceil(u.width / samples)];
  const at = luma * y.height;
  return { luma, chroma, u: at, v: at + chroma * u.height, end: at + 2 * chroma * u.height };
}

const samplesInWord = ({ bits }: PictureFormat) => (bits === 8 ? 4 : 2);

function kindsOf(small: PictureFormat, scale: number, kind: PlaneKind): PlanePair[] {
  const [y, ...chroma] = planePairs(small, scale);
  return kind === 'luma' ? [y] : chroma;
}

const list = (numbers: readonly number[]) => `array(${numbers.map(wgslNumber).join(', ')})`;
/** Both planes of chroma are one after the other. */
const startOf = (first: number, second: number | undefined) =>
  second === undefined ? `${first}u` : `${first}u + plane * ${second - first}u`;

/** WGSL that finds what the large picture's means miss of each sample of the small one; as `trueTo` does. */
export function missingShader(small: PictureFormat, scale: number, kind: PlaneKind): string {
  const [pair, other] = kindsOf(small, scale, kind) as [PlanePair, PlanePair?];
  const [across, down] = [sharesOf(pair.across), sharesOf(pair.down)];
  const [samples, bits] = [samplesInWord(small), small.bits === 8 ? 8 : 16];
  return `@group(0) @binding(0) var<storage, read> picture: array<u32>;
@group(0) @binding(1) var<storage, read> planes: array<f32>;
@group(0) @binding(2) var<storage, read_write> missing: array<f32>;
const across = ${list(across.shares)};
const down = ${list(down.shares)};

@compute @workgroup_size(${GROUP}, ${GROUP})
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= ${pair.small.width}u || at.y >= ${pair.small.height}u) { return; }
  let plane = at.z;
  let large = ${startOf(pair.large.at, other?.large.at)};
  var mean = 0.0;
  for (var j = 0; j < ${down.shares.length}; j++) {
    let y = clamp(i32(at.y) * ${scale} + ${down.first} + j, 0, ${pair.large.height - 1});
    for (var i = 0; i < ${across.shares.length}; i++) {
      let x = clamp(i32(at.x) * ${scale} + ${across.first} + i, 0, ${pair.large.width - 1});
      mean += down[j] * across[i] * planes[large + u32(y) * ${pair.large.width}u + u32(x)];
    }
  }
  let place = ${startOf(pair.small.at, other?.small.at)} + at.y * ${pair.small.width}u + at.x;
  let sample = f32((picture[place / ${samples}u] >> ((place % ${samples}u) * ${bits}u)) & ${2 ** bits - 1}u);
  missing[place] = (sample - ${wgslNumber(pair.zero)}) / ${wgslNumber(pair.one)} - mean;
}
`;
}

/** WGSL that adds what is missing, smoothly, and writes samples in words; as `trueTo` does. */
export function samplesShader(small: PictureFormat, scale: number, kind: PlaneKind): string {
  const [pair, other] = kindsOf(small, scale, kind) as [PlanePair, PlanePair?];
  const [samples, bits] = [samplesInWord(small), small.bits === 8 ? 8 : 16];
  const layout = wordLayout(small, scale);
  const words = kind === 'luma' ? layout.luma : layout.chroma;
  const [across, down] = [cubicsOf(pair.across), cubicsOf(pair.down)];
  const vectors = (all: typeof across) =>
    `array(${all.map(({ shares }) => `vec4f(${shares.map(wgslNumber).join(', ')})`).join(', ')})`;
  const befores = (all: typeof across) => `array(${all.map(({ before }) => `${before}i`).join(', ')})`;
  return `@group(0) @binding(0) var<storage, read> missing: array<f32>;
@group(0) @binding(1) var<storage, read> planes: array<f32>;
@group(0) @binding(2) var<storage, read_write> made: array<u32>;
const across = ${vectors(across)};
const acrossBefore = ${befores(across)};
const down = ${vectors(down)};
const downBefore = ${befores(down)};

@compute @workgroup_size(${GROUP}, ${GROUP})
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= ${words}u || at.y >= ${pair.large.height}u) { return; }
  let plane = at.z;
  let small = ${startOf(pair.small.at, other?.small.at)};
  let large = ${startOf(pair.large.at, other?.large.at)} + at.y * ${pair.large.width}u;
  let inRow = down[at.y % ${scale}u];
  let firstRow = i32(at.y / ${scale}u) - downBefore[at.y % ${scale}u];
  var word = 0u;
  for (var sample = 0u; sample < ${samples}u; sample++) {
    let x = at.x * ${samples}u + sample;
    if (x >= ${pair.large.width}u) { break; }
    let inColumn = across[x % ${scale}u];
    let firstColumn = i32(x / ${scale}u) - acrossBefore[x % ${scale}u];
    var value = planes[large + x];
    for (var j = 0; j < 4; j++) {
      let row = small + u32(clamp(firstRow + j, 0, ${pair.small.height - 1})) * ${pair.small.width}u;
      for (var i = 0; i < 4; i++) {
        value += inRow[j] * inColumn[i] * missing[row + u32(clamp(firstColumn + i, 0, ${pair.small.width - 1}))];
      }
    }
    let level = u32(clamp(floor(value * ${wgslNumber(pair.one)} + ${wgslNumber(pair.zero + 0.5)}), 0.0, ${wgslNumber(conversionOf(small).most)}));
    word |= level << (sample * ${bits}u);
  }
  made[${kind === 'luma' ? '' : `${layout.u}u + plane * ${layout.v - layout.u}u + `}at.y * ${words}u + at.x] = word;
}
`;
}

/** Workgroups that find what is missing. */
export function missingGroups(small: PictureFormat, scale: number, kind: PlaneKind): [number, number, number] {
  const pairs = kindsOf(small, scale, kind);
  const { width, height } = (pairs[0] as PlanePair).small;
  return [Math.ceil(width / GROUP), Math.ceil(height / GROUP), pairs.length];
}

/** Workgroups that write samples. */
export function samplesGroups(small: PictureFormat, scale: number, kind: PlaneKind): [number, number, number] {
  const pairs = kindsOf(small, scale, kind);
  const { luma, chroma } = wordLayout(small, scale);
  const words = kind === 'luma' ? luma : chroma;
  return [Math.ceil(words / GROUP), Math.ceil((pairs[0] as PlanePair).large.height / GROUP), pairs.length];
}
