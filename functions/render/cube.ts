import type { LookName } from '../../shared/style.ts';
import { graded } from './looks.ts';

/** Points a side: between them tetrahedra are exact enough for curves as smooth as these. */
const SIDE = 33;

/** A look at an intensity as text in the .cube format (Adobe Cube LUT Specification 1.0): red changes fastest. */
export function cube(look: LookName, intensity: number): string {
  const lines = [`LUT_3D_SIZE ${SIDE}`];
  const last = SIDE - 1;
  for (let b = 0; b < SIDE; b++)
    for (let g = 0; g < SIDE; g++)
      for (let r = 0; r < SIDE; r++)
        lines.push(
          graded(look, intensity, [r / last, g / last, b / last])
            .map((value) => value.toFixed(6))
            .join(' '),
        );
  return `${lines.join('\n')}\n`;
}
