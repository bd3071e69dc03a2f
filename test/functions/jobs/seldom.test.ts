import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { seldom } from '../../../functions/jobs/seldom.ts';
import { FolderStore } from '../../../storage/folder.ts';

const store = new FolderStore('/nowhere');

describe('what takes long to look up', () => {
  it('is looked up once for all who ask at once, and again for the next where it was quick', async () => {
    let looks = 0;
    const quick = seldom(async () => {
      looks += 1;
      return looks;
    });
    const answers = await Promise.all([1, 2, 3].map(() => quick.look(store)));
    expect(answers.map((found) => found?.value)).toEqual([1, 1, 1]);
    expect((await quick.look(store))?.value).toBe(2);
  });

  it('is not looked up again while it is good enough, unless it is forgotten', async () => {
    let looks = 0;
    const rested = seldom(
      async () => {
        looks += 1;
        return looks;
      },
      { restMs: 60_000 },
    );
    await rested.look(store);
    expect((await rested.look(store))?.value).toBe(1);
    rested.forget(store);
    expect((await rested.look(store))?.value).toBe(2);
  });

  it('is waited for so long and no longer; what fails is as good as nothing', async () => {
    let finish = (_: string) => {};
    const slow = seldom(() => new Promise<string>((resolve) => (finish = resolve)), { patienceMs: 20 });
    expect(await slow.look(store)).toBeNull();
    finish('at last');
    await sleep(5);
    expect((await slow.look(store))?.value).toBe('at last');
    const broken = seldom(() => Promise.reject(new Error('gone')), { patienceMs: 1000 });
    expect(await broken.look(store)).toBeNull();
    await expect(seldom(() => Promise.reject(new Error('gone'))).look(store)).rejects.toThrow('gone');
  });
});
