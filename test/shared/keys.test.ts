import { describe, expect, it } from 'vitest';
import { cacheKeys, jobRequestKey, materialKeys, recognise, revisionKeys, STAGES } from '../../shared/keys.ts';

const hash = 'f'.repeat(64);
const etag = '0'.repeat(32);
const type = (bucket: Parameters<typeof recognise>[0], key: string) =>
  recognise(bucket, key)?.kind.type.replace('ai.montage.', '') ?? null;

describe('which new object is which event', () => {
  it.each([
    ['input', 'holiday/beach.mp4', 'footage.created'],
    ['input', 'holiday/day 1/-été"\n.MOV', 'footage.created'],
    ['input', 'holiday/montage.yaml', 'order.dropped'],
    ['input', 'holiday/x.montage.yml', 'order.dropped'],
    ['input', 'holiday/x.yaml', null],
    ['input', 'beach.mp4', null],
    ['input', 'styles/mine.json', null],
    ['input', 'luts/film.cube', null],
    ['input', 'luts/not-a-set.mp4', null],
    ['music', 'song.mp3', 'music.created'],
    ['music', '.DS_Store', null],
    ['cache', cacheKeys.segment(hash), null],
    ['cache', cacheKeys.lease('render', hash), null],
    ['cache', cacheKeys.footageAnalysis(`${etag}-5`, 1), 'analysis.completed'],
    ['cache', cacheKeys.musicAnalysis(etag, 1), 'analysis.completed'],
    ['jobs', jobRequestKey('holiday-0123456789'), 'job.requested'],
    ['jobs', revisionKeys('j', 2).timeline, 'timeline.planned'],
    ['jobs', materialKeys('j').clips, null],
    ['jobs', revisionKeys('j', 2).edit, 'revision.requested'],
    ['jobs', revisionKeys('j', 1).marker('render', hash), 'segment.rendered'],
    ['jobs', revisionKeys('j', 1).marker('upscale', hash), 'chunk.upscaled'],
    ['jobs', revisionKeys('j', 1).failed(3), 'job.failed'],
    ['output', 'j/r1/montage.mp4', null],
  ] as const)('%s %j is %s', (bucket, key, expected) => {
    expect(type(bucket, key)).toBe(expected);
  });

  it('gives every stage’s request an event of its own', () => {
    const items = {
      'analyze-footage': etag,
      'analyze-music': etag,
      plan: 'timeline',
      render: hash,
      upscale: hash,
      assemble: 'montage',
    };
    const types = STAGES.map((stage) => type('jobs', revisionKeys('j', 1).request(stage, items[stage], 1)));
    expect(new Set(types).size).toBe(STAGES.length);
    expect(types).not.toContain(null);
  });

  it('reads job, revision, item and attempt back out of a key', () => {
    expect(recognise('jobs', revisionKeys('holiday-1', 3).request('render', hash, 2))?.fields).toEqual({
      job: 'holiday-1',
      revision: '3',
      item: hash,
      attempt: '2',
    });
  });
});
