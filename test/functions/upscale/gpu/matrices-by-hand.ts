/**
 * A shader that multiplies matrices by units for that, for devices that have none: each subgroup is one thread that multiplies
 * them number by number, in 32 bits. What isn't written as expected is left as it is, and so refused by WebGPU.
 */
export function matricesByHand(shader: string): string {
  const places = new Map<string, number>();
  // Kept in one array: a value of 256 numbers is more than SwiftShader's compiler bears.
  const placeOf = (matrix: string) => {
    const place = places.get(matrix) ?? places.size;
    places.set(matrix, place);
    return `${place * 256}u`;
  };
  const loads = new Map<string, string>();
  const code = shader
    .replace(/^enable .*;$/gm, '')
    .replaceAll('f16', 'f32')
    .replace(/@builtin\(subgroup_id\) subgroup: u32,/, '')
    .replace(/@builtin\(subgroup_invocation_id\) lane: u32,/, '')
    .replace(/\n\) \{\n/, '\n) {\n  let subgroup = thread;\n  let lane = 0u;\n')
    .replace(/var (\w+): subgroup_matrix_result<f32, 16, 16>;/g, (_, matrix) => `clear(${placeOf(matrix)});`)
    .replace(
      /let (\w+) = subgroupMatrixLoad<subgroup_matrix_(?:left|right)<f32, 16, 16>, (row|col)_major>\(&(\w+), (.*), (\w+)\);/g,
      (_, matrix: string, order: string, memory: string, first: string, stride: string) => {
        const at = order === 'row' ? ['row', 'column'] : ['column', 'row'];
        loads.set(
          `load_${memory}_${order}`,
          `fn load_${memory}_${order}(matrix: u32, first: u32, stride: u32) {
  for (var row = 0u; row < 16u; row++) { for (var column = 0u; column < 16u; column++) {
    matrices[matrix + row * 16u + column] = ${memory}[first + ${at[0]} * stride + ${at[1]} / 4u][${at[1]} % 4u];
  } }
}`,
        );
        return `load_${memory}_${order}(${placeOf(matrix)}, ${first}, ${stride});`;
      },
    )
    .replace(
      /(\w+) = subgroupMatrixMultiplyAccumulate\((\w+), (\w+), \1\);/g,
      (_, sum, left, right) => `multiply(${placeOf(left)}, ${placeOf(right)}, ${placeOf(sum)});`,
    )
    .replace(
      /subgroupMatrixStore<row_major>\(&sums, (.*), (\w+), (\w+)\);/g,
      (_, first, matrix, stride) => `store(${placeOf(matrix)}, ${first}, ${stride});`,
    );
  return `${code}
var<private> matrices: array<f32, ${places.size * 256}>;
${[...loads.values()].join('\n')}
fn clear(matrix: u32) {
  for (var i = 0u; i < 256u; i++) { matrices[matrix + i] = 0.0; }
}
fn multiply(left: u32, right: u32, sum: u32) {
  for (var row = 0u; row < 16u; row++) { for (var column = 0u; column < 16u; column++) {
    var all = matrices[sum + row * 16u + column];
    for (var k = 0u; k < 16u; k++) {
      all += matrices[left + row * 16u + k] * matrices[right + k * 16u + column];
    }
    matrices[sum + row * 16u + column] = all;
  } }
}
fn store(matrix: u32, first: u32, stride: u32) {
  for (var row = 0u; row < 16u; row++) { for (var column = 0u; column < 16u; column++) {
    sums[first + row * stride + column / 4u][column % 4u] = matrices[matrix + row * 16u + column];
  } }
}
`;
}
