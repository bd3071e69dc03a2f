import { describe, expect, it } from 'vitest';
import { isSoon, nextTry, PAUSES_SECONDS, SOON_SECONDS, verdictOn } from '../../../functions/notify/verdict.ts';

const now = new Date('2026-01-01T00:00:00Z');
const verdict = (status: number, retryAfter: string | null = null) =>
  verdictOn({ status, said: 'so', retryAfter }, now);

describe('what an answer means', () => {
  it.each([
    [200, 'told'],
    [204, 'told'],
    [302, 'never'],
    [308, 'never'],
    [400, 'never'],
    [401, 'never'],
    [404, 'never'],
    [408, 'later'],
    [410, 'gone'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
  ])('%d: %s', (status, kind) => {
    expect(verdict(status)).toMatchObject({
      kind,
      ...(kind === 'told' ? {} : { reason: expect.stringContaining(`${status}`) }),
    });
  });

  it('says of a redirect that it is not followed, and of all else what was answered', () => {
    expect(verdict(302)).toMatchObject({ reason: expect.stringContaining('a redirect, which is not followed') });
    expect(verdict(500)).toMatchObject({ reason: 'It answered 500: so' });
  });

  it.each([
    [null, 0],
    ['120', 120],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    // Nobody is waited for longer than a day.
    ['99999999999999999999', 86_400],
  ])('waits for %j as long as it asks: %d s', (header, waitSeconds) => {
    expect(verdict(503, header)).toMatchObject({ waitSeconds });
  });
});

describe('the next try', () => {
  it('comes after growing pauses, for most of a day, and then no more', () => {
    const times = Array.from({ length: 20 }, (_, i) => nextTry(i + 1, 0, now)).filter((time) => time !== null);
    const seconds = times.map((time) => (time.getTime() - now.getTime()) / 1000);
    expect(seconds).toEqual([...PAUSES_SECONDS]);
    expect([...seconds].sort((a, b) => a - b)).toEqual(seconds);
    const hours = seconds.reduce((sum, each) => sum + each, 0) / 3600;
    expect(hours).toBeGreaterThan(12);
    expect(hours).toBeLessThan(24);
  });

  it('comes no sooner than it was asked for, and is soon when somebody waits for it', () => {
    expect(nextTry(1, 120, now)).toEqual(new Date('2026-01-01T00:02:00Z'));
    expect(nextTry(PAUSES_SECONDS.length + 1, 120, now)).toBeNull();
    expect(PAUSES_SECONDS.map((_, i) => isSoon(nextTry(i + 1, 0, now) as Date, now))).toEqual(
      PAUSES_SECONDS.map((pause) => pause <= SOON_SECONDS),
    );
  });
});
