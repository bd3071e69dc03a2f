import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { untilTold } from '../../../functions/cli/until-told.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { keepHook } from '../../../storage/hooks.ts';

let folder: string;
let store: FolderStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-told-'));
  store = new FolderStore(folder);
  await store.prepare();
});
afterEach(() => rm(folder, { recursive: true }));

const hooked = () =>
  keepHook(store, {
    id: 'hook-0123456789ab',
    owner: null,
    url: 'https://example.com/',
    secret: `whsec_${btoa('x'.repeat(24))}`,
    states: ['completed'],
    createdAt: new Date().toISOString(),
  });
const never = new AbortController().signal;
/** How long a runtime is waited for that is busy for so long. */
async function waitedFor(busyMs: number, signal = never): Promise<number> {
  const begun = Date.now();
  await untilTold({ idle: () => Date.now() - begun >= busyMs }, { store, config: {}, signal });
  return Date.now() - begun;
}

describe('a command that ends', () => {
  it('waits for nobody when nobody wants to be told', async () => {
    expect(await waitedFor(60_000)).toBeLessThan(1000);
  });

  it('waits until its runtime has been quiet for a moment', async () => {
    await hooked();
    expect(await waitedFor(700)).toBeGreaterThanOrEqual(1600);
  });

  it('waits no more on Ctrl-C', async () => {
    await hooked();
    expect(await waitedFor(60_000, AbortSignal.timeout(200))).toBeLessThan(5000);
  });
});
