import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_CLIPS } from '../../shared/demo/files.ts';
import { DEMO_SONG_KEY, demoClipKey } from '../../storage/demo.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { axeViolations, browserMissing } from './browser.ts';
import { PageStand } from './page-stand.ts';

describe.skipIf(browserMissing)(`our clips and song${browserMissing ? ` (skipped: ${browserMissing})` : ''}`, () => {
  let stand: PageStand;
  beforeAll(async () => {
    stand = await PageStand.start({ works: false });
  });
  afterAll(() => stand?.[Symbol.asyncDispose]());

  it('are there to try Montage with, once they are made, for whoever has nothing at hand', async () => {
    await using visited = await stand.visit();
    const { page } = visited;
    await page.getByRole('button', { name: 'Try it with our clips and song' }).click();
    await page.getByText(`0 of ${DEMO_CLIPS.length + 1} so far`).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const { path: clip } = await makeClip(stand.folder, { name: 'sea.mp4', seconds: 1, seed: 1, audio: null });
    for (const { name } of DEMO_CLIPS) await stand.store.putFileOnce('cache', demoClipKey(name), clip);
    await page.getByText(`${DEMO_CLIPS.length} of ${DEMO_CLIPS.length + 1} so far`).waitFor();
    const { path: song } = await makeSong(stand.folder, { name: 'song', tempo: 120, bars: 2, format: 'wav' });
    await stand.store.putFileOnce('cache', DEMO_SONG_KEY, song);
    const clips = page.getByRole('region', { name: 'Clips' }).getByRole('listitem');
    await clips.filter({ hasText: 'sunset.mp4' }).waitFor();
    expect(await clips.count()).toBe(DEMO_CLIPS.length);
    expect(await page.getByRole('combobox', { name: 'Set of clips' }).inputValue()).toBe('Demo');
    expect(await page.getByRole('radio', { name: /first-light/ }).isChecked()).toBe(true);
    expect(visited.complaints).toEqual([]);
  });
});
