/** A number as WGSL writes a 32-bit float. */
export const wgslNumber = (value: number): string => {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? text : `${text}.0`;
};
