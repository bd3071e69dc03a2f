/** Something measured, beside the mark that it has to meet. */
export interface Figure {
  what: string;
  figure: string;
  /** Empty for a figure that is only told. */
  mark: string;
  met: boolean;
}

let missed = 0;

/** Says figures as soon as they are known. */
export function say(...figures: Figure[]): void {
  for (const { what, figure, mark, met } of figures) {
    if (!met) missed += 1;
    console.log(
      [what.padEnd(44), figure.padStart(10), mark.padStart(11), mark && (met ? 'met' : 'MISSED')].join('  ').trimEnd(),
    );
  }
}

/** Whether all that was said met its mark. */
export const allMet = (): boolean => missed === 0;

export function told(what: string, figure: string): Figure {
  return { what, figure, mark: '', met: true };
}

/** A figure that must not be above its mark. */
export function atMost(what: string, value: number, most: number, inWords: (value: number) => string): Figure {
  return { what, figure: inWords(value), mark: `≤ ${inWords(most)}`, met: value <= most };
}

/** A figure that must not be below its mark. */
export function atLeast(what: string, value: number, least: number, inWords: (value: number) => string): Figure {
  return { what, figure: inWords(value), mark: `≥ ${inWords(least)}`, met: value >= least };
}

export const asRatio = (value: number): string => value.toFixed(2);
export const inSeconds = (value: number): string => `${value.toFixed(1)} s`;
export const inMilliseconds = (value: number): string => `${Math.round(value)} ms`;
export const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
export const inKilobytes = (bytes: number): string => `${Math.round(bytes / 1e3)} kB`;

/** The one in the middle; the lower of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN;
}

/** How long something takes, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
