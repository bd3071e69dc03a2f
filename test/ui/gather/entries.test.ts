import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../functions/ui/page/gather/entries.ts';
import { waiting } from '../../../functions/ui/page/gather/upload-queue.ts';

const upload = (id: number, path: string) => waiting({ id, bucket: 'input', set: 's', path, bytes: 1 });
const stored = (file: string) => ({ key: `s/${file}`, file });

describe('the clips of the page', () => {
  it('are what was dropped, in that order, then what was there before', () => {
    const entries = entriesOf(
      [upload(1, 'b.mp4'), { ...upload(2, 'a.mp4'), state: 'sent', key: 's/a.mp4' }],
      [stored('a.mp4'), stored('old.mp4')],
    );
    expect(entries.map(({ id, name, stored: found }) => [id, name, found !== null])).toEqual([
      ['upload-1', 'b.mp4', false],
      ['upload-2', 'a.mp4', true],
      ['s/old.mp4', 'old.mp4', true],
    ]);
  });

  it('have the name that they got where theirs was taken', () => {
    expect(entriesOf([{ ...upload(1, 'a.mp4'), key: 's/a (2).mp4' }], [])[0]?.name).toBe('a (2).mp4');
  });

  it('are called as people call them, whoever’s they are', () => {
    const owner = '0123456789ab';
    const song = { ...upload(1, 'b.mp3'), bucket: 'music' as const, set: null, key: `${owner}~/b (2).mp3` };
    const there = { key: `${owner}~/a.mp3`, file: `${owner}~/a.mp3` };
    expect(entriesOf([song], [there]).map(({ name }) => name)).toEqual(['b (2).mp3', 'a.mp3']);
    expect(entriesOf([{ ...upload(1, 'a.mp4'), key: `${owner}~s/day 1/a.mp4` }], [])[0]?.name).toBe('day 1/a.mp4');
  });

  it('are there once, though dropped twice', () => {
    const twice = [1, 2].map((id) => ({ ...upload(id, 'a.mp4'), state: 'sent' as const, key: 's/a.mp4' }));
    expect(entriesOf(twice, [stored('a.mp4')])).toHaveLength(1);
  });
});
