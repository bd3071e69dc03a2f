import { expect, it } from 'vitest';
import { unfinished } from '../../../knative/local/unfinished.ts';
import { jobRequestKey } from '../../../shared/keys.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { scratchFolder } from '../../media/scratch.ts';

const folder = scratchFolder();

it('finds what one job left undone although the request of another can not be read', async () => {
  const store = new FolderStore(folder);
  await store.prepare();
  await store.putOnce('input', 'holiday/clip.mp4', 'a clip');
  await store.putOnce('jobs', jobRequestKey('cut-off'), '{"footageSet": "hol');
  await store.putOnce('jobs', jobRequestKey('outside'), JSON.stringify({ footageSet: '..' }));
  await store.putOnce('jobs', jobRequestKey('too-long'), JSON.stringify({ footageSet: 'é'.repeat(200) }));
  await store.putOnce('jobs', jobRequestKey('whole'), JSON.stringify({ footageSet: 'holiday' }));
  const found = await Array.fromAsync(unfinished(store, ['cut-off', 'outside', 'too-long', 'whole']));
  expect(found.map(({ key }) => key)).toEqual(['holiday/clip.mp4']);
});
