import { expect, it } from 'vitest';
import { type Deployed, until } from './deployed.ts';
import { report } from './dropped.ts';
import type { PodLine } from './pod-logs.ts';

/** Functions whose time is the media's own; all else is waiting, starting and telling. */
const MEDIA = ['analyze-footage', 'analyze-music', 'plan', 'render', 'assemble'];

/** Says what a montage of clips that are known already costs beyond the work on its media: once when nothing runs, then when all does. */
export function overhead(deployed: () => Deployed, song: () => string): void {
  it('says what a job costs beyond its media work, cold and warm', async () => {
    const system = deployed();
    const clips: string[] = [];
    for await (const { key } of system.store.list('input', 'holiday/')) if (!key.endsWith('.yaml')) clips.push(key);
    await system.atRest();
    // On a machine that is busy with other things a montage may take so long that the first function is gone before the last is done.
    const seeds = [101, 102, 103, 104];
    for (let what: 'cold' | 'warm' = 'cold'; ; what = 'warm') {
      const seed = seeds.shift();
      expect(seed, 'all functions are still up when a montage is done').toBeDefined();
      const up = (await Promise.all(MEDIA.slice(2).map((name) => system.pods(name)))).map((pods) => pods.length > 0);
      if (what === 'cold') expect(up).toEqual([false, false, false]);
      const from = system.logs.lines.length;
      const begun = Date.now();
      const order = { footageSet: 'holiday', clips, music: song(), style: 'mtv', quality: 'preview' as const, seed };
      const { id } = await system.client.createJob(order, `overhead ${seed}`);
      const done = await until(`the ${what} montage`, async () => {
        const job = await system.client.job(id);
        return job.finishedAt ? job : null;
      });
      expect(done.state).toBe('done');
      await until('its last line', () =>
        system.logs.lines.slice(from).some((line) => line.function === 'assemble' && line.message === 'finished'),
      );
      const total = Date.parse(done.finishedAt ?? '') - begun;
      const media = busy(system.logs.lines.slice(from).filter((line) => MEDIA.includes(line.function ?? '')));
      console.log(
        `${what}: ${done.segments?.total} segments, ${total} ms in all, ${media} ms of them at work on the media, ` +
          `${total - media} ms beyond`,
      );
      expect(done.segments?.total).toBeGreaterThanOrEqual(10);
      expect(media).toBeLessThan(total);
      report(what, system.logs.lines.slice(from));
      if (what === 'warm' && up.every(Boolean)) break;
    }
  });
}

/** For how long any of the pieces of work was in hand, in milliseconds. */
function busy(lines: readonly PodLine[]): number {
  const spans = lines
    .filter(({ message }) => message === 'finished')
    .map(({ time, milliseconds }) => ({ to: Date.parse(time), from: Date.parse(time) - Number(milliseconds) }))
    .sort((a, b) => a.from - b.from);
  let until = 0;
  let sum = 0;
  for (const { from, to } of spans) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
