import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';
import { type Deployed, until } from './deployed.ts';
import { drop, finished } from './dropped.ts';

/** No environment that plan can read: it fails at each event, whatever the event. */
const BREAK = [
  { op: 'add', path: '/spec/template/spec/containers/0/env', value: [{ name: 'MONTAGE_ATTEMPTS', value: 'none' }] },
];
const MEND = [{ op: 'remove', path: '/spec/template/spec/containers/0/env' }];

/** Claims about work that can't be done. */
export function deadLetters(deployed: () => Deployed, scratch: () => string): void {
  const patch = async (changes: object) => {
    const system = deployed();
    await system.kubectl('patch', 'ksvc', 'plan', '--type=json', `--patch=${JSON.stringify(changes)}`);
    await system.kubectl('wait', '--for=condition=Ready', 'ksvc/plan', '--timeout=120s');
  };

  it('that cannot be planned ends in the dead-letter function, and a retry finishes it once the cause is gone', async () => {
    const system = deployed();
    const { path: song } = await makeSong(scratch(), { name: 'late', tempo: 120, bars: 4 });
    const { path } = await makeClip(scratch(), { name: 'late.mp4', seconds: 12, seed: 41, width: 160, height: 90 });
    await patch(BREAK);
    await system.store.client.fPutObject('music', basename(song), song);
    await drop(system, 'late', [path], { quality: 'preview', music: basename(song) });
    const failed = await until('the job has failed', async () => {
      const jobs = await system.client.jobs().catch(() => []);
      return jobs.find(({ footageSet, state }) => footageSet === 'late' && state === 'failed');
    });
    expect(failed.failure).toMatchObject({ stage: 'plan' });
    expect(failed.failure?.reason).toMatch(/MONTAGE_ATTEMPTS/);
    expect(system.logs.said('dead-letter', 'woken').length).toBeGreaterThan(0);
    await patch(MEND);
    await system.client.retry(failed.id);
    await finished(system, 'late');
  });
}
