import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revisionKeys } from '../../shared/keys.ts';
import { plannedSegments } from '../../shared/planned-segments.ts';
import { UpscaleSchema } from '../../shared/super-resolution.ts';
import { footage, wholeSong } from '../functions/plan/analyses.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { HandMadeJob } from './hand-made-job.ts';
import { PageStand } from './page-stand.ts';

let stand: PageStand;
const SOON = { timeout: 30_000, interval: 100 };
const skipped = browserMissing ? ` (skipped: ${browserMissing})` : '';

describe.skipIf(browserMissing)(`a montage that is made larger${skipped}`, () => {
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
    for (const name of ['clip00.mp4', 'clip01.mp4'])
      await stand.bringClip('holiday', { name, width: 320, height: 180, seconds: 8 });
    await stand.bringSong('song', 4);
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  it('plays its small pieces, and says how many of them are made larger, in German too', async () => {
    const clip = footage([{ seconds: 8 }], { width: 320, height: 180, hasAudio: false });
    const shape = { clips: [clip, clip], music: wholeSong(8) };
    const upscale = UpscaleSchema.parse({});
    const job = await HandMadeJob.ask(stand.store, stand.client, shape, undefined, { upscale });
    const segments = plannedSegments(job.timeline);
    const chunks = segments.flatMap((segment) => segment.chunks.map(({ hash }) => hash));
    const [first = ''] = chunks;
    const keys = revisionKeys(job.id, 1);
    await job.plan();
    await job.render(segments.map((_, i) => i));
    await stand.store.putOnce('jobs', keys.request('upscale', first, 1), '{}');
    await using visited = await stand.visit(`/jobs/${job.id}`);
    const { page, complaints } = visited;
    await page.getByText('Making the pictures larger', { exact: true }).waitFor();
    await page.getByText(`0 of ${chunks.length} pieces made larger`).waitFor();
    const seen = () =>
      page
        .locator('.cut-here-pictures video')
        .evaluateAll((all: HTMLVideoElement[]) =>
          all
            .filter(({ style }) => Number(style.opacity) > 0.02)
            .map(({ currentSrc, videoWidth }) => [new URL(currentSrc).pathname.split('/').at(-1), videoWidth]),
        );
    await expect.poll(seen, SOON).toEqual([[segments[0]?.hash, 320]]);
    await stand.store.putOnce('jobs', keys.marker('upscale', first), '{}');
    await page.getByText(`1 of ${chunks.length} pieces made larger`).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await using german = await stand.visit(`/jobs/${job.id}`, { locale: 'de-DE' });
    await german.page.getByText('Vergrößert die Bilder', { exact: true }).waitFor();
    await german.page.getByText(`1 von ${chunks.length} Stücken vergrößert`).waitFor();
  });
});
