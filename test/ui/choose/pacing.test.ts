import { describe, expect, it } from 'vitest';
import { paceBars } from '../../../functions/ui/page/choose/pacing.ts';
import { builtInStyles } from '../../../shared/styles/built-in.ts';

describe('the pacing graph of a style', () => {
  it.each(builtInStyles().map((style) => [style.id, style] as const))(
    'of %s covers the whole, without gaps',
    (_, style) => {
      const bars = paceBars(style);
      expect(bars[0]?.start).toBe(0);
      for (const [i, { start, length, speed }] of bars.entries()) {
        expect(start + length).toBeCloseTo(bars[i + 1]?.start ?? 1, 9);
        expect(speed).toBeGreaterThan(0);
        expect(speed).toBeLessThanOrEqual(1);
      }
    },
  );

  it('shows what a style is: MTV cuts often, minimalist hardly, Hitchcock slow and then fast', () => {
    const bars = (id: string) => paceBars(builtInStyles().find((style) => style.id === id) as never);
    expect(bars('mtv').length).toBeGreaterThan(60);
    expect(bars('minimalist').length).toBeLessThan(12);
    const hitchcock = bars('hitchcock');
    const cutsIn = (from: number, to: number) => hitchcock.filter(({ start }) => start >= from && start < to).length;
    expect(cutsIn(0.7, 0.9)).toBeGreaterThan(2 * cutsIn(0, 0.2));
  });
});
