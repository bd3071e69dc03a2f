import { describe, expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent } from '../../../shared/traces/traceparent.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('is read and written as it came', () => {
    for (const flags of ['00', '01']) {
      const text = `00-${TRACE}-${SPAN}-${flags}`;
      const point = parseTraceparent(text);
      expect(point).toEqual({ traceId: TRACE, spanId: SPAN, sampled: flags === '01' });
      expect(point && formatTraceparent(point)).toBe(text);
    }
  });

  it('of a later version may say more', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-brings`)?.traceId).toBe(TRACE);
  });

  it.each([
    undefined,
    7,
    '',
    'nonsense',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-1`,
    ` 00-${TRACE}-${SPAN}-01`,
  ])('that is malformed is none: %j', (text) => {
    expect(parseTraceparent(text)).toBeNull();
  });
});
