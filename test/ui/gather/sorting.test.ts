import { describe, expect, it } from 'vitest';
import { folderOf, isSetName, placeInSet, plain, sorted } from '../../../functions/ui/page/gather/sorting.ts';
import { recognise } from '../../../shared/keys.ts';

const dropped = (...paths: string[]) => paths.map((path) => ({ path, file: null }));
const pathsOf = (some: readonly { path: string }[]) => some.map(({ path }) => path);

describe('what is dropped', () => {
  it('is told apart by its ending, whatever its case', () => {
    const { clips, songs, others } = sorted(dropped('a.MP4', 'x/b.mov', 'song.Mp3', 'x/notes.txt', 'noending'));
    expect([pathsOf(clips), pathsOf(songs), others]).toEqual([
      ['a.MP4', 'x/b.mov'],
      ['song.Mp3'],
      ['notes.txt', 'noending'],
    ]);
  });

  it('leaves what computers put into folders unsaid', () => {
    const { clips, others } = sorted(
      dropped('x/.DS_Store', 'x/._clip.mp4', 'x/Thumbs.db', 'x/desktop.ini', '.git/a.mp4'),
    );
    expect([clips, others]).toEqual([[], []]);
  });

  it('names the set after the folder of the first clip that has one', () => {
    expect(folderOf(dropped('a.mp4', 'Brittany/day 1/b.mp4'))).toBe('Brittany');
    expect(folderOf(dropped('a.mp4'))).toBeNull();
  });
});

describe('where a clip goes', () => {
  it('keeps the folders within the one that the set is named after', () => {
    expect(placeInSet('Brittany', 'Brittany/day 1/b.mp4')).toBe('day 1/b.mp4');
    expect(placeInSet('Summer', 'Brittany/b.mp4')).toBe('Brittany/b.mp4');
    expect(placeInSet('Summer', 'b.mp4')).toBe('b.mp4');
  });

  it('is a place of the store, however odd the name', () => {
    for (const name of ['..', 'a\u0000b.mp4', `${'ü'.repeat(300)}.mp4`, '\u202egnp.4pm.mp4', ' a.mp4 ']) {
      const key = `set/${placeInSet('set', `${name.endsWith('.mp4') || name.endsWith(' ') ? name : `${name}/c.mp4`}`)}`;
      expect(recognise('input', key)?.kind.type, key).toBe('ai.montage.footage.created');
      expect(key.split('/').some((part) => part === '..' || part === '')).toBe(false);
    }
    expect(plain(`${'x'.repeat(300)}.mp4`)).toBe(`${'x'.repeat(236)}.mp4`);
    expect(plain(`${'🎬'.repeat(100)}.mp4`)).toBe(`${'🎬'.repeat(59)}.mp4`);
    expect(plain('\u202egnp.mp4')).toBe('gnp.mp4');
  });
});

describe('the name of a set', () => {
  it('is one folder that the store does not keep for itself', () => {
    expect(['Summer', 'Été 2026', 'a.b'].every(isSetName)).toBe(true);
    expect(['', '.', '..', 'a/b', 'styles', 'LUTs', 'analyze-0123abcd', 'x'.repeat(101)].some(isSetName)).toBe(false);
  });
});
