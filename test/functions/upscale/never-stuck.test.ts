import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { neverStuck } from '../../../functions/upscale/never-stuck.ts';

const never = () => new Promise<never>(() => {});
const bounds = (of: Partial<Parameters<typeof neverStuck>[0]> = {}) => ({
  ...{ signal: new AbortController().signal, mostSeconds: 60, graceSeconds: 0.05, giveUp: async () => {} },
  ...of,
});

describe('work that waits for a device', () => {
  it('gives what it makes, or why it failed', async () => {
    expect(await neverStuck(bounds(), async () => 7)).toBe(7);
    await expect(neverStuck(bounds(), () => Promise.reject(new Error('The GPU was lost')))).rejects.toThrow('lost');
  });

  it('ends soon after it is cancelled, whatever it waits for, and what it waits for is taken away', async () => {
    const cancel = new AbortController();
    let given = 0;
    const giveUp = async () => {
      given++;
    };
    const working = neverStuck(bounds({ signal: cancel.signal, giveUp }), never);
    cancel.abort(new Error('The job was cancelled'));
    await expect(working).rejects.toThrow('The job was cancelled');
    expect(given).toBe(1);
  });

  it('may end by itself when it is cancelled, and is not given up then', async () => {
    const cancel = new AbortController();
    let given = 0;
    const giveUp = async () => {
      given++;
    };
    const work = (within: AbortSignal) =>
      new Promise<never>((_, failed) => {
        within.addEventListener('abort', () => failed(within.reason));
      });
    const working = neverStuck(bounds({ signal: cancel.signal, giveUp }), work);
    cancel.abort(new Error('The job was cancelled'));
    await expect(working).rejects.toThrow('The job was cancelled');
    await setTimeout(100);
    expect(given).toBe(0);
  });

  it('ends when it takes too long, and says so', async () => {
    await expect(neverStuck(bounds({ mostSeconds: 0.05 }), never)).rejects.toThrow('It took more than 0.05 s');
  });
});
