import { describe, expect, it } from 'vitest';
import { chooseClips, chooseMusic, type TrackFound } from '../../../functions/reconcile/gather.ts';
import type { FootageAnalysis, MusicAnalysis } from '../../../shared/analysis.ts';
import { JobRequestSchema } from '../../../shared/request.ts';

const NOW = new Date('2026-07-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const heard = (durationSeconds: number) => ({ kind: 'music', durationSeconds }) as MusicAnalysis;
const track = (key: string, analysis: TrackFound['analysis'] = null, arrived = ago(100)): TrackFound => ({
  key,
  etag: key,
  lastModified: arrived,
  analysis,
});
const clip = (durationSeconds: number) => ({ kind: 'footage', durationSeconds }) as FootageAnalysis;
const choose = (order: object, tracks: TrackFound[], clips: Parameters<typeof chooseMusic>[2] = []) =>
  chooseMusic(JobRequestSchema.parse({ footageSet: 'holiday', ...order }), tracks, clips, NOW, 10);

describe('the song of a job', () => {
  it('is the one that is named, by key before part of a name', () => {
    const tracks = [track('live/summer.mp3'), track('summer')];
    expect(choose({ music: 'summer' }, tracks)).toMatchObject({ chosen: { key: 'summer', notes: [] } });
    expect(choose({ music: 'LIVE' }, tracks)).toMatchObject({ chosen: { key: 'live/summer.mp3' } });
  });

  it('is refused by name when there is none of that name', () => {
    expect(choose({ music: 'winter' }, [track('summer.mp3')])).toMatchObject({
      fault: expect.stringContaining('winter'),
    });
  });

  it('is the newest one named like the order, when the order names none', () => {
    const tracks = [track('old/beach.mp3', null, ago(500)), track('beach.ogg', null, ago(50)), track('other.mp3')];
    expect(choose({ name: 'Beach' }, tracks)).toMatchObject({
      chosen: { key: 'beach.ogg', notes: [expect.stringContaining('named like')] },
    });
  });

  it('else is the one whose length fits the clips best, once all are known', () => {
    const tracks = [track('long.mp3', heard(300)), track('fit.mp3', heard(65)), track('short.mp3', heard(20))];
    expect(choose({}, tracks, [clip(40), clip(20)])).toMatchObject({
      chosen: { key: 'fit.mp3', notes: [expect.stringContaining('nearest')] },
    });
    expect(choose({}, [...tracks, track('new.mp3')], [clip(40)])).toEqual({ ask: [track('new.mp3')] });
    expect(choose({}, tracks, [clip(40), null])).toEqual({ ask: [] });
  });

  it('is waited for while there is none, or one may still be being copied', () => {
    expect(choose({}, [])).toHaveProperty('waiting');
    expect(choose({}, [track('half.mp3', null, ago(3))])).toHaveProperty('waiting');
  });

  it('that a dropped order names is waited for while it may still be being copied', () => {
    const fresh = [track('half.mp3', null, ago(3))];
    expect(choose({ music: 'half.mp3', dropped: true }, fresh)).toHaveProperty('waiting');
    expect(choose({ music: 'half.mp3' }, fresh)).toMatchObject({ chosen: { key: 'half.mp3' } });
  });

  it('is never one that can not be used', () => {
    const silent = { kind: 'rejected', reason: 'It is silent.' } as const;
    expect(choose({}, [track('silent.mp3', silent), track('song.mp3', heard(60))], [clip(10)])).toMatchObject({
      chosen: { key: 'song.mp3' },
    });
    expect(choose({}, [track('silent.mp3', silent), track('hush.mp3', silent)], [clip(10)])).toHaveProperty('fault');
  });
});

describe('the clips of a job', () => {
  const found = ['holiday/a.mp4', 'holiday/b.mp4', 'holiday/c.mp4'].map((key) => track(key));
  const clipsFor = (order: object) =>
    chooseClips(JobRequestSchema.parse({ footageSet: 'holiday', ...order }), found, NOW, 10);
  const files = (choice: ReturnType<typeof clipsFor>) =>
    'chosen' in choice ? choice.chosen.map(({ file }) => file) : choice;

  it('are the whole set or those that are named, less those that are never to be used', () => {
    const wishes = { 'holiday/b.mp4': { use: 'never' } };
    expect(files(clipsFor({}))).toEqual(['a.mp4', 'b.mp4', 'c.mp4']);
    expect(files(clipsFor({ wishes }))).toEqual(['a.mp4', 'c.mp4']);
    expect(files(clipsFor({ clips: ['holiday/b.mp4', 'holiday/c.mp4'], wishes }))).toEqual(['c.mp4']);
  });

  it('are missing, which is said, where all are wished away', () => {
    const wishes = Object.fromEntries(found.map(({ key }) => [key, { use: 'never' }]));
    expect(clipsFor({ wishes })).toMatchObject({ fault: expect.stringContaining('wished away') });
  });
});
