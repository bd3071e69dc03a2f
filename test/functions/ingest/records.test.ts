import { describe, expect, it } from 'vitest';
import { eventsIn } from '../../../functions/ingest/records.ts';
import { isToken } from '../../../functions/ingest/token.ts';

const record = (bucket: string, key: string, eventName = 's3:ObjectCreated:Put') => ({
  eventName,
  eventTime: '2026-07-01T12:00:00.123Z',
  s3: { bucket: { name: bucket }, object: { key, size: 12, eTag: '"0123456789abcdef0123456789abcdef"' } },
});

describe('a bucket notification', () => {
  it('becomes one event an object, with the key decoded', () => {
    const [event] = eventsIn({ Records: [record('input', 'Summer+in+Brittany/%C3%A9t%C3%A9%2B1.mp4')] }, '');
    expect(event).toMatchObject({
      type: 'ai.montage.footage.created',
      subject: 'Summer in Brittany/été+1.mp4',
      source: '/buckets/input',
      time: '2026-07-01T12:00:00.123Z',
      data: {
        bucket: 'input',
        key: 'Summer in Brittany/été+1.mp4',
        etag: '0123456789abcdef0123456789abcdef',
        size: 12,
      },
    });
  });

  it('gives the same id for the same object, however often it is told', () => {
    const ids = [1, 2].flatMap(() => eventsIn({ Records: [record('music', 'song.mp3')] }, '').map(({ id }) => id));
    expect(ids[0]).toBe(ids[1]);
    expect(eventsIn({ Records: [record('music', 'other.mp3')] }, '')[0]?.id).not.toBe(ids[0]);
  });

  it('carries the job of an object that belongs to one', () => {
    expect(eventsIn({ Records: [record('jobs', 'holiday-0123456789/r1/done.json')] }, '')).toMatchObject([
      { type: 'ai.montage.job.completed', job: 'holiday-0123456789' },
    ]);
  });

  it('wakes nobody for deletions and for objects that are nobody’s', () => {
    const records = [
      record('input', 'set/clip.mp4', 's3:ObjectRemoved:Delete'),
      record('input', 'set/notes.txt'),
      record('input', 'set/._clip.mp4'),
      record('music', 'song.mp3.part'),
      record('input', 'styles/own.json'),
    ];
    expect(eventsIn({ Records: records }, '')).toEqual([]);
  });

  it('knows its buckets by their prefix and refuses others by name', () => {
    expect(eventsIn({ Records: [record('team-a-music', 'song.mp3')] }, 'team-a-')).toHaveLength(1);
    expect(() => eventsIn({ Records: [record('team-b-music', 'song.mp3')] }, 'team-a-')).toThrow(
      'There is no bucket team-b-music here',
    );
    expect(() => eventsIn({ hello: 'world' }, '')).toThrow('no bucket notification');
  });
});

describe('the token', () => {
  it.each([
    ['Bearer 0123456789abcdef', true],
    ['0123456789abcdef', true],
    ['Bearer 0123456789abcdeF', false],
    ['Bearer', false],
    [undefined, false],
  ])('%j is taken: %s', (header, taken) => {
    expect(isToken(header, '0123456789abcdef')).toBe(taken);
  });
});
