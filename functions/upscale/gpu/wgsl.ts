/** A number as WGSL writes a 32-bit float. */
export const wgslNumber = (value: number): string => {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? text : `${text}.0`;
};

/** What a shader's text repeats, with numbers in it that the shader needn't compute. */
export const times = <T>(count: number, each: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => each(i));
