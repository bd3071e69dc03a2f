import { describe, expect, it } from 'vitest';
import { type Circumstances, type JobView, missing } from '../../../functions/reconcile/missing.ts';
import type { FootageResult } from '../../../shared/analysis.ts';
import type { ChunkSpec } from '../../../shared/chunks.ts';
import { leaseItem, observeJob, stateOf } from '../../../shared/job.ts';
import { JobRequestSchema } from '../../../shared/request.ts';
import type { SegmentSpec } from '../../../shared/segments.ts';

const ETAG_A = 'a'.repeat(32);
const ETAG_B = 'b'.repeat(32);
const SONG = 'c'.repeat(32);
const HASH_1 = '1'.repeat(64);
const HASH_2 = '2'.repeat(64);
const T0 = new Date('2026-07-01T12:00:00Z');
const at = (seconds: number) => new Date(T0.getTime() + seconds * 1000);

const clip = (etag: string, file: string, arrived = at(-60)) => ({
  key: `holiday/${file}`,
  etag,
  lastModified: arrived,
});
const track = (key: string, arrived = at(-60)) => ({ key, etag: SONG, lastModified: arrived, analysis: null });
const seen = (...keys: (string | [string, Date])[]) => {
  const objects = ['j/request.json', ...keys].map((key) =>
    typeof key === 'string' ? { key, lastModified: T0 } : { key: key[0], lastModified: key[1] },
  );
  const job = observeJob('j', objects);
  if (!job) throw new Error('there is a request');
  return job;
};
const rejected: FootageResult = { kind: 'rejected', reason: 'It has sound but no picture.' };
const spec = { frames: 24 } as SegmentSpec;

const view = (of: Partial<JobView>): JobView => ({
  seen: seen(),
  request: JobRequestSchema.parse({ footageSet: 'holiday' }),
  setClips: [],
  tracks: [],
  clips: null,
  music: null,
  clipAnalyses: new Map(),
  musicAnalysed: false,
  plannable: false,
  segments: [],
  ...of,
});
const world = (of: Partial<Circumstances> = {}): Circumstances => ({
  now: at(1),
  leases: new Map(),
  settleSeconds: 10,
  lostAfterSeconds: 30,
  attempts: 3,
  ...of,
});
const lease = (expiresAt: Date, released = false) => ({
  holder: 'someone',
  expiresAt: expiresAt.toISOString(),
  released,
});
const chosen = {
  clips: [{ file: 'a.mp4', key: 'holiday/a.mp4', etag: ETAG_A }],
  music: { file: 'song.mp3', key: 'song.mp3', etag: SONG, notes: [] },
};
const kinds = (found: ReturnType<typeof missing>) =>
  found.steps.map((step) =>
    step.kind === 'ask' ? `ask ${step.stage} ${step.item.slice(0, 8)} ${step.attempt}` : step.kind,
  );

describe('what an open job lacks', () => {
  it('waits for clips, and says so', () => {
    const found = missing(view({}), world());
    expect(found.steps).toEqual([]);
    expect(found.waiting).toContain('holiday');
  });

  it('waits while clips still arrive, and takes the set once it is quiet', () => {
    const setClips = [clip(ETAG_A, 'a.mp4', at(-60)), clip(ETAG_B, 'b.mp4', at(-4))];
    expect(missing(view({ setClips, tracks: [track('s.mp3')] }), world()).waiting).toContain('no more clips');
    expect(kinds(missing(view({ setClips, tracks: [track('s.mp3')] }), world({ now: at(6) })))).toEqual([
      'clips',
      'ask analyze-footage aaaaaaaa 1',
      'ask analyze-footage bbbbbbbb 1',
      'music',
      'ask analyze-music cccccccc 1',
    ]);
  });

  it('takes clips that are named at once, and fails by name when one is not there', () => {
    const request = JobRequestSchema.parse({
      footageSet: 'holiday',
      clips: ['holiday/a.mp4', 'holiday/gone.mp4'],
      music: 's.mp3',
    });
    const found = missing(view({ request, setClips: [clip(ETAG_A, 'a.mp4', T0)] }), world());
    expect(found.steps).toMatchObject([
      { kind: 'fail', failure: { reason: expect.stringContaining('holiday/gone.mp4') } },
    ]);
  });

  it('looks once at the same content under two names', () => {
    const clips = [...chosen.clips, { file: 'copy.mp4', key: 'holiday/copy.mp4', etag: ETAG_A }];
    const found = missing(
      view({ seen: seen('j/r1/clips.json', 'j/r1/music.json'), clips, music: chosen.music, musicAnalysed: true }),
      world(),
    );
    expect(kinds(found)).toEqual(['ask analyze-footage aaaaaaaa 1']);
  });

  it('asks for the plan when every clip and the song are analysed, rejected clips too', () => {
    const analysed = {
      seen: seen('j/r1/clips.json', 'j/r1/music.json'),
      ...chosen,
      clipAnalyses: new Map([[ETAG_A, rejected]]),
      musicAnalysed: true,
    };
    expect(kinds(missing(view(analysed), world()))).toEqual(['ask plan timeline 1']);
  });

  it('asks for nothing twice', () => {
    const asked = seen('j/r1/clips.json', 'j/r1/music.json', 'j/r1/requests/plan/timeline.1.json');
    const found = missing(
      view({ seen: asked, ...chosen, clipAnalyses: new Map([[ETAG_A, rejected]]), musicAnalysed: true }),
      world(),
    );
    expect(found.steps).toEqual([]);
    expect(found.open).toEqual([{ stage: 'plan', item: 'timeline', pool: 'own' }]);
  });

  it('asks for the segments that are not there, marks those that are, and assembles when all are marked', () => {
    const planned = seen('j/r1/timeline.otio');
    const segments = [
      { hash: HASH_1, spec, cached: true, chunks: [] },
      { hash: HASH_2, spec, cached: false, chunks: [] },
    ];
    expect(kinds(missing(view({ seen: planned, segments }), world()))).toEqual(['mark', 'ask render 22222222 1']);
    const rendered = seen(
      'j/r1/timeline.otio',
      `j/r1/markers/render/${HASH_1}.json`,
      `j/r1/markers/render/${HASH_2}.json`,
    );
    const all = segments.map((segment) => ({ ...segment, cached: true }));
    expect(kinds(missing(view({ seen: rendered, segments: all }), world()))).toEqual(['ask assemble montage 1']);
  });

  it('asks for the longest segments first, so that none is left over when the others are done', () => {
    const long = { frames: 240 } as SegmentSpec;
    const segments = [
      { hash: HASH_1, spec, cached: false, chunks: [] },
      { hash: HASH_2, spec: long, cached: false, chunks: [] },
    ];
    const found = missing(view({ seen: seen('j/r1/timeline.otio'), segments }), world());
    expect(kinds(found)).toEqual(['ask render 22222222 1', 'ask render 11111111 1']);
  });

  it('renders a segment again that was taken out of the cache after it was marked', () => {
    const rendered = seen(
      'j/r1/timeline.otio',
      [`j/r1/requests/render/${HASH_1}.1.json`, at(-100)],
      `j/r1/markers/render/${HASH_1}.json`,
    );
    const found = missing(
      view({ seen: rendered, segments: [{ hash: HASH_1, spec, cached: false, chunks: [] }] }),
      world(),
    );
    expect(kinds(found)).toEqual(['ask render 11111111 2']);
  });
});

describe('what an upscaled job lacks', () => {
  const CHUNK_A = 'a'.repeat(64);
  const CHUNK_B = 'b'.repeat(64);
  const SHARP = '3'.repeat(64);
  const small = (frames = 24) => ({ frames, width: 160 }) as SegmentSpec;
  const chunk = (hash: string, cached: boolean) => ({ hash, spec: { frames: 12 } as ChunkSpec, cached });
  /** A small segment of two chunks, and one that is sharp. */
  const segments = (cached: boolean, a: boolean, b: boolean, sharp = true): JobView['segments'] => [
    { hash: HASH_1, spec: small(), cached, chunks: [chunk(CHUNK_A, a), chunk(CHUNK_B, b)] },
    { hash: SHARP, spec: small(10), cached: sharp, chunks: [] },
  ];
  const marker = (stage: string, hash: string) => `j/r1/markers/${stage}/${hash}.json`;
  const sharpMade = marker('render', SHARP);
  const smallMade = marker('render', HASH_1);
  const [aMade, bMade] = [CHUNK_A, CHUNK_B].map((hash) => marker('upscale', hash)) as [string, string];

  it.each([
    [
      'asks for the small segment first, and for none of its chunks',
      segments(false, false, false, false),
      [],
      ['ask render 11111111 1', 'ask render 33333333 1'],
    ],
    [
      'asks for its chunks as soon as it is there, whatever else is not',
      segments(true, false, false, false),
      [smallMade],
      ['ask upscale aaaaaaaa 1', 'ask upscale bbbbbbbb 1', 'ask render 33333333 1'],
    ],
    [
      'marks what another job has made larger, and asks for the rest',
      segments(true, true, false),
      [smallMade, sharpMade],
      ['mark', 'ask upscale bbbbbbbb 1'],
    ],
    ['renders no small segment whose chunks are all there', segments(false, true, true), [sharpMade], ['mark', 'mark']],
    [
      'assembles once all chunks are marked, without the small segment',
      segments(false, true, true),
      [sharpMade, aMade, bMade],
      ['ask assemble montage 1'],
    ],
    [
      'does not assemble while a sharp segment is missing',
      segments(true, true, true, false),
      [smallMade, aMade, bMade],
      ['ask render 33333333 1'],
    ],
    [
      'does not assemble while a chunk that is there is not marked',
      segments(true, true, true),
      [smallMade, sharpMade, aMade],
      ['mark'],
    ],
    [
      'makes a chunk again that was taken out of the cache after it was marked',
      segments(true, true, false),
      [smallMade, sharpMade, aMade, bMade],
      ['ask upscale bbbbbbbb 1'],
    ],
  ])('%s', (_claim, now, marked, steps) => {
    const found = missing(view({ seen: seen('j/r1/timeline.otio', ...marked), segments: now }), world());
    expect(kinds(found)).toEqual(steps);
  });

  it('renders a small segment again that has gone before its chunks were made, and asks for these again after it', () => {
    const asked: [string, Date][] = [
      [`j/r1/requests/render/${HASH_1}.1.json`, at(-200)],
      [`j/r1/requests/upscale/${CHUNK_A}.1.json`, at(-100)],
    ];
    const job = seen('j/r1/timeline.otio', ...asked, smallMade, sharpMade, bMade);
    expect(kinds(missing(view({ seen: job, segments: segments(false, false, true) }), world()))).toEqual([
      'ask render 11111111 2',
    ]);
    expect(kinds(missing(view({ seen: job, segments: segments(true, false, true) }), world()))).toEqual([
      'ask upscale aaaaaaaa 2',
    ]);
  });

  it('leaves alone a chunk that somebody is at', () => {
    const job = seen(
      'j/r1/timeline.otio',
      [`j/r1/requests/upscale/${CHUNK_A}.1.json`, T0],
      smallMade,
      sharpMade,
      bMade,
    );
    const leases = new Map([[`upscale/${CHUNK_A}`, lease(at(505))]]);
    const found = missing(view({ seen: job, segments: segments(true, false, true) }), world({ now: at(500), leases }));
    expect(found).toMatchObject({ steps: [], open: [{ stage: 'upscale', item: CHUNK_A }] });
  });

  it.each([
    ['rendering', 'before anything is made larger', []],
    ['rendering', 'while a segment is being rendered', [`j/r1/requests/render/${SHARP}.1.json`]],
    ['upscaling', 'once all that was asked for is rendered', [`j/r1/requests/render/${SHARP}.1.json`, sharpMade]],
    ['assembling', 'once it is put together', [sharpMade, 'j/r1/requests/assemble/montage.1.json']],
  ])('is %s %s', (state, when, more) => {
    const asked = when.startsWith('before') ? [] : [`j/r1/requests/upscale/${CHUNK_A}.1.json`];
    expect(stateOf(seen('j/r1/timeline.otio', ...asked, ...more))).toBe(state);
  });
});

describe('a chunk that a cloud’s GPU was asked for', () => {
  const CHUNK = 'a'.repeat(64);
  const OTHER = 'b'.repeat(64);
  const requestOf = (item: string, pool: 'own' | 'cloud') =>
    `j/r1/requests/upscale/${item}.1${pool === 'cloud' ? '.cloud' : ''}.json`;
  const asked = (pool: 'own' | 'cloud', now: Partial<Circumstances>) =>
    missing(
      view({
        seen: seen('j/r1/timeline.otio', `j/r1/markers/render/${HASH_1}.json`, [requestOf(CHUNK, pool), T0]),
        segments: [
          {
            ...{ hash: HASH_1, spec, cached: true },
            chunks: [{ hash: CHUNK, spec: { frames: 12 } as ChunkSpec, cached: false }],
          },
        ],
      }),
      world(now),
    );
  const again = { kind: 'ask', stage: 'upscale', item: CHUNK, attempt: 2 };
  /** Somebody is at another chunk that this pool was asked for. */
  const busy = (pool: 'own' | 'cloud', until: Date) =>
    new Map([[`upscale/${OTHER}`, { ...lease(until), reason: requestOf(OTHER, pool) }]]);

  it('waits while a node may begin, and is asked of the own GPUs when none did', () => {
    const waits = asked('cloud', { now: at(20 * 60 + 29) });
    expect(waits).toMatchObject({ steps: [], open: [{ item: CHUNK, pool: 'cloud' }] });
    expect(asked('cloud', { now: at(20 * 60 + 31) }).steps).toMatchObject([{ ...again, afterCloud: true }]);
    expect(asked('own', { now: at(31) }).steps).toMatchObject([again]);
  });

  it('is asked of the own GPUs as soon as the lease of one that failed has run out', () => {
    const leases = new Map([[`upscale/${CHUNK}`, lease(at(15), true)]]);
    expect(asked('cloud', { now: at(16), leases }).steps).toMatchObject([{ ...again, afterCloud: true }]);
  });

  it('gives the own GPUs a try where there is only one', () => {
    expect(asked('cloud', { now: at(2000), attempts: 1 }).steps).toMatchObject([again]);
    expect(asked('own', { now: at(2000), attempts: 1 }).steps).toMatchObject([{ kind: 'fail' }]);
  });

  it.each([
    ['waits while the cloud is busy', 'cloud', 'cloud', 20 * 60 + 100, []],
    ['does not wait because the own GPUs are', 'cloud', 'own', 20 * 60 + 100, [again]],
    ['nor holds up one of the own GPUs by that', 'own', 'cloud', 100, [again]],
    ['which waits while those are', 'own', 'own', 100, []],
  ] as const)('%s', (_claim, of, by, seconds, steps) => {
    expect(asked(of, { now: at(seconds), leases: busy(by, at(seconds + 5)) }).steps).toMatchObject(steps);
  });
});

describe('work that comes to nothing', () => {
  const asked = (...attempts: Date[]) =>
    view({
      seen: seen(
        'j/r1/timeline.otio',
        ...attempts.map((when, i): [string, Date] => [`j/r1/requests/render/${HASH_1}.${i + 1}.json`, when]),
      ),
      segments: [{ hash: HASH_1, spec, cached: false, chunks: [] }],
    });
  const held = (expiry: Date, item = HASH_1) => new Map([[`render/${item}`, lease(expiry)]]);

  it.each([
    ['is left alone while its lease is live', world({ now: at(500), leases: held(at(505)) }), []],
    [
      'is asked for again when its lease has run out',
      world({ now: at(20), leases: held(at(15)) }),
      ['ask render 11111111 2'],
    ],
    [
      'waits in the queue while the stage is busy with others',
      world({ now: at(200), leases: held(at(205), HASH_2) }),
      [],
    ],
    [
      'is asked for again when nobody took it though nobody was busy',
      world({ now: at(31) }),
      ['ask render 11111111 2'],
    ],
    ['is given time to be taken', world({ now: at(29) }), []],
    [
      'counts as held while the broker waits before it delivers again',
      world({ now: at(40), leases: new Map([[`render/${HASH_1}`, lease(at(50), true)]]) }),
      [],
    ],
  ])('%s', (_claim, circumstances, steps) => {
    expect(kinds(missing(asked(T0), circumstances))).toEqual(steps);
  });

  it('is not waited for without end because others keep the stage busy', () => {
    expect(kinds(missing(asked(T0), world({ now: at(301), leases: held(at(305), HASH_2) })))).toEqual([
      'ask render 11111111 2',
    ]);
  });

  it('of a plan or an assembly is held by a lease of that job alone', () => {
    const keys: [string, Date][] = [['j/r1/requests/plan/timeline.1.json', T0]];
    const planning = view({
      seen: seen('j/r1/clips.json', 'j/r1/music.json', ...keys),
      ...chosen,
      clipAnalyses: new Map([[ETAG_A, rejected]]),
      musicAnalysed: true,
    });
    const leaseOf = (job: string) => new Map([[`plan/${leaseItem('plan', 'timeline', job, 1)}`, lease(at(16))]]);
    expect(kinds(missing(planning, world({ now: at(20), leases: leaseOf('j') })))).toEqual(['ask plan timeline 2']);
    expect(kinds(missing(planning, world({ now: at(20), leases: leaseOf('other') })))).toEqual([]);
  });

  it('does not take a lease of an earlier attempt for one of this', () => {
    expect(kinds(missing(asked(T0, at(100)), world({ now: at(110), leases: held(at(15)) })))).toEqual([]);
  });

  it('fails the job after the last attempt, and goes on after a retry', () => {
    const spent = asked(T0, at(40), at(80));
    expect(missing(spent, world({ now: at(120) })).steps).toMatchObject([
      { kind: 'fail', failure: { stage: 'render', item: HASH_1 } },
    ]);
    const retried = view({
      ...spent,
      seen: seen(
        'j/r1/timeline.otio',
        ...[0, 40, 80].map((s, i): [string, Date] => [`j/r1/requests/render/${HASH_1}.${i + 1}.json`, at(s)]),
        ['j/r1/failed-1.json', at(120)],
        ['j/r1/retry-1.json', at(121)],
      ),
    });
    expect(kinds(missing(retried, world({ now: at(122) })))).toEqual(['ask render 11111111 4']);
  });

  it('goes on without a clip that can never be looked at', () => {
    const spent = seen(
      'j/r1/clips.json',
      'j/r1/music.json',
      ...[0, 40, 80].map((s, i): [string, Date] => [`j/r1/requests/analyze-footage/${ETAG_A}.${i + 1}.json`, at(s)]),
    );
    const found = missing(view({ seen: spent, ...chosen, musicAnalysed: true }), world({ now: at(120) }));
    expect(found.steps).toMatchObject([{ kind: 'reject', etag: ETAG_A, rejection: { file: 'a.mp4' } }]);
  });
});
