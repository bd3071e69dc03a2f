import { describe, expect, it } from 'vitest';
import { deliveryInWords } from '../../../functions/cli/hooks.ts';

const at = '2026-01-01T00:00:00.000Z';
const told = { event: 'e', type: 'ai.montage.job.failed', job: 'holiday-0123456789', revision: 2, until: null };

describe('what a hook was told, in words,', () => {
  it('is a line of what it was about, and one of each try', () => {
    const attempts = [
      { at, milliseconds: 12, status: null, reason: 'Nobody listens there (ECONNREFUSED)' },
      { at, milliseconds: 34, status: 200, reason: null },
    ];
    expect(deliveryInWords({ ...told, state: 'delivered', attempts })).toBe(
      [
        'holiday-0123456789 r2  job.failed  delivered',
        `  1  ${at}  12 ms  Nobody listens there (ECONNREFUSED)`,
        `  2  ${at}  34 ms  It answered 200`,
      ].join('\n'),
    );
  });

  it('says until when it waits, and of a test no job', () => {
    const waiting = { ...told, state: 'waiting' as const, until: at, attempts: [] };
    expect(deliveryInWords(waiting)).toBe(`holiday-0123456789 r2  job.failed  waiting until ${at}`);
    const test = { ...told, type: 'ai.montage.hook.tested', job: null, revision: null, state: 'given up' } as const;
    expect(deliveryInWords({ ...test, attempts: [] })).toBe('hook.tested  given up');
  });
});
