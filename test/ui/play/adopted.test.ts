import { describe, expect, it } from 'vitest';
import { adopted, type Piece } from '../../../functions/ui/page/play/adopted.ts';

const piece = (from: number, to: number, address: string | null): Piece => ({ from, to, address });
const pieces = [
  piece(0, 50, 'a'),
  piece(50, 60, 'b'),
  piece(60, 100, 'c'),
  piece(100, 150, null),
  piece(150, 200, 'd'),
];
const at = (frame: number, before: readonly string[] = []) => {
  const { played, isWaiting } = adopted(pieces, new Set(before), frame, 25);
  return { played: [...played], isWaiting };
};

describe('taking over rendered pieces while a montage plays', () => {
  it('leaves alone what is seen now and comes at once, until it is over', () => {
    expect(at(40)).toEqual({ played: ['d'], isWaiting: true });
    expect(at(55)).toEqual({ played: ['a', 'd'], isWaiting: true });
    expect(at(100)).toEqual({ played: ['a', 'b', 'c', 'd'], isWaiting: false });
    expect(at(130)).toEqual({ played: ['a', 'b', 'c'], isWaiting: true });
  });

  it('plays on what was played', () => {
    expect(at(40, ['a', 'c'])).toEqual({ played: ['a', 'c', 'd'], isWaiting: true });
    expect(at(40, ['gone'])).toEqual({ played: ['d'], isWaiting: true });
  });
});
