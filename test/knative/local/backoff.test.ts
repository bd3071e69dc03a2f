import { describe, expect, it } from 'vitest';
import { backoffSeconds, mayPass } from '../../../knative/local/backoff.ts';

describe('the pause before a retry', () => {
  it('doubles from the delay on when it is exponential, up to a minute', () => {
    const pauses = [1, 2, 3, 4, 9].map((attempt) =>
      backoffSeconds({ backoff: 'exponential', backoffDelaySeconds: 2 }, attempt),
    );
    expect(pauses).toEqual([2, 4, 8, 16, 60]);
  });

  it('grows by the delay when it is linear', () => {
    const pauses = [1, 2, 3].map((attempt) => backoffSeconds({ backoff: 'linear', backoffDelaySeconds: 2 }, attempt));
    expect(pauses).toEqual([0, 2, 4]);
  });

  it('is worth while after failures that may pass, not after a refusal', () => {
    expect([500, 503, 404, 408, 409, 429].map(mayPass)).not.toContain(false);
    expect([400, 401, 403, 413, 422].map(mayPass)).not.toContain(true);
  });
});
