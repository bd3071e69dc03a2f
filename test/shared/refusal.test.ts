import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../shared/refusal.ts';

describe('the sentence of what was thrown', () => {
  it('is its first line, or says that there is none', () => {
    expect(sentenceOf(new Error('The disk is full\nat write'))).toBe('The disk is full');
    expect(sentenceOf('gone')).toBe('gone');
    expect(sentenceOf(new Error(''))).toBe('Something failed without saying why');
  });

  it('is what failed first, whatever else failed in clearing up', async () => {
    const closing = (): AsyncDisposable => ({
      [Symbol.asyncDispose]: () => Promise.reject(new Error('It can’t be closed')),
    });
    const work = async () => {
      await using _device = closing();
      await using _file = closing();
      throw new Error('The GPU is lost');
    };
    expect(sentenceOf(await work().catch((error: unknown) => error))).toBe('The GPU is lost');
  });
});
