import { describe, expect, it } from 'vitest';
import { FolderStore } from '../../storage/folder.ts';
import { remembering } from '../../storage/remembering.ts';

const [one, other] = [new FolderStore('/nowhere/one'), new FolderStore('/nowhere/other')];

describe('what is remembered of a store', () => {
  it('is read once by name, and apart from what another store has', async () => {
    const read: string[] = [];
    const lengthOf = remembering(
      10,
      (word: string) => word,
      async (store, word) => {
        read.push(`${store === one ? 'one' : 'other'} ${word}`);
        return word.length;
      },
    );
    expect([await lengthOf(one, 'a'), await lengthOf(one, 'bc'), await lengthOf(one, 'a')]).toEqual([1, 2, 1]);
    expect(await lengthOf(other, 'a')).toBe(1);
    expect(read).toEqual(['one a', 'one bc', 'other a']);
  });

  it('is no more than so many values: the first goes first; and never that there is none', async () => {
    const read: string[] = [];
    const find = remembering(
      2,
      (word: string) => word,
      async (_store, word) => {
        read.push(word);
        return word === 'none' ? null : word;
      },
    );
    for (const word of ['a', 'b', 'c', 'c', 'b', 'a', 'none', 'none']) await find(one, word);
    expect(read).toEqual(['a', 'b', 'c', 'a', 'none', 'none']);
  });
});
