import { describe, expect, it } from 'vitest';
import { Turnstile } from '../../../functions/reconcile/turnstile.ts';

/** A run that can be held open by hand. */
function gates() {
  const opens: (() => void)[] = [];
  let most = 0;
  let now = 0;
  const run = async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise<void>((open) => opens.push(open));
    now -= 1;
  };
  return { run, opens, most: () => most };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the turnstile', () => {
  it('lets one run through at a time and answers all who came meanwhile with one more', async () => {
    const { run, opens, most } = gates();
    const turnstile = new Turnstile();
    const first = turnstile.enter(run);
    const crowd = Array.from({ length: 100 }, () => turnstile.enter(run));
    opens[0]?.();
    await first;
    await settle();
    expect(opens).toHaveLength(2);
    opens[1]?.();
    await Promise.all(crowd);
    expect(opens).toHaveLength(2);
    expect(most()).toBe(1);
  });

  it('goes on after a run that failed', async () => {
    const turnstile = new Turnstile();
    const failing = turnstile.enter(() => Promise.reject(new Error('the store is away')));
    let ran = false;
    const after = turnstile.enter(async () => {
      ran = true;
    });
    await expect(failing).rejects.toThrow('the store is away');
    await after;
    expect(ran).toBe(true);
  });
});
