import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsIn } from '../../../functions/ingest/records.ts';
import { Arrivals, notificationOf } from '../../../knative/local/arrivals.ts';
import type { Outcome, Post } from '../../../knative/local/delivery.ts';
import { isHidden } from '../../../storage/object-key.ts';
import type { ObjectInfo } from '../../../storage/store.ts';
import { until } from './stand.ts';

const clip = (key: string): ObjectInfo => ({
  bucket: 'input',
  key,
  etag: 'd41d8cd98f00b204e9800998ecf8427e',
  size: 7,
  lastModified: new Date('2026-03-01T10:00:00Z'),
});

/** What ingest is told, by a fake that answers with each of `statuses` in turn and then with 200. */
function told(statuses: number[] = []) {
  const posts: Post[] = [];
  const stop = new AbortController();
  const arrivals = new Arrivals({
    post: async (request): Promise<Outcome> => {
      posts.push(request);
      return { status: statuses.shift() ?? 200, body: '' };
    },
    token: 'a-token-of-the-runtime',
    bucketPrefix: '',
    onLog: () => {},
    signal: stop.signal,
  });
  const keys = () => posts.map(({ body }) => eventsIn(JSON.parse(body.toString()), '').map(({ data }) => data.key));
  return { arrivals, posts, keys };
}

describe('arrivals', () => {
  it('are told in the form that ingest reads: whatever the key, it comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (name) => {
        const key = `a set/${name.replaceAll('/', '')}.mp4`;
        fc.pre(!isHidden(key));
        const [event] = eventsIn(notificationOf([clip(key)], 'prefix-'), 'prefix-');
        expect(event?.data).toEqual({ bucket: 'input', key, etag: clip(key).etag, size: 7 });
        expect(event?.type).toBe('ai.montage.footage.created');
      }),
    );
  });

  it('of one moment are told together, with the token', async () => {
    const { arrivals, posts, keys } = told();
    for (const key of ['s/a.mp4', 's/b.mp4', 's/c.mp4']) arrivals.add(clip(key));
    await until(() => !arrivals.pending, 'all are told');
    expect(keys()).toEqual([['s/a.mp4', 's/b.mp4', 's/c.mp4']]);
    expect(posts[0]?.headers.authorization).toBe('a-token-of-the-runtime');
  });

  it('that wake nobody are not told', async () => {
    const { arrivals, posts } = told();
    arrivals.add(clip('s/picture.jpg'));
    arrivals.add({ ...clip('leases/render/x.json'), bucket: 'cache' });
    expect(arrivals.pending).toBe(false);
    expect(posts).toEqual([]);
  });

  it('are told again until they are taken, and later ones wait their turn', async () => {
    const { arrivals, keys } = told([503, 500]);
    arrivals.add(clip('s/a.mp4'));
    await until(() => keys().length === 1, 'the first was told');
    arrivals.add(clip('s/b.mp4'));
    await until(() => !arrivals.pending, 'all are told');
    expect(keys()).toEqual([['s/a.mp4'], ['s/a.mp4'], ['s/a.mp4'], ['s/b.mp4']]);
  });

  it('that are refused for good hold nobody up', async () => {
    const { arrivals, keys } = told([400]);
    arrivals.add(clip('s/a.mp4'));
    await until(() => !arrivals.pending, 'it was refused');
    arrivals.add(clip('s/b.mp4'));
    await until(() => !arrivals.pending, 'the next was told');
    expect(keys()).toEqual([['s/a.mp4'], ['s/b.mp4']]);
  });
});
