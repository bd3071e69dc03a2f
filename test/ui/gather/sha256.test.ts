import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../functions/ui/page/gather/sha256.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('the digest of pages that have none of their own', () => {
  it('is that of the standard', () => {
    expect(hex(sha256(new TextEncoder().encode('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is SHA-256 of any bytes, wherever they lie in a buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(9), (bytes, offset) => {
        const whole = new Uint8Array(bytes.length + offset);
        whole.set(bytes, offset);
        expect(hex(sha256(whole.subarray(offset)))).toBe(createHash('sha256').update(bytes).digest('hex'));
      }),
    );
  });
});
