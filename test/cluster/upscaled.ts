import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { probe } from '../../shared/media/probe.ts';
import { ReportSchema } from '../../shared/report.ts';
import { makeClip } from '../media/clip.ts';
import { type Deployed, until } from './deployed.ts';
import { finished, montageOf } from './dropped.ts';

/** Small enough that two cores make them larger in no time. */
const ORDER = { footageSet: 'film', quality: 'preview', format: 'source', durationSeconds: 5 } as const;

/** Claims about montages that are made larger, on nodes without a GPU. `song` lies in the store. */
export function upscaled(deployed: () => Deployed, scratch: () => string, song: () => string): void {
  it('is made larger on the CPU where the order allows that, and says what made it so', async () => {
    const { store, client, logs } = deployed();
    const film = join(scratch(), 'film');
    await mkdir(film, { recursive: true });
    for (const [name, seed] of [
      ['a.mp4', 1],
      ['b.mp4', 2],
    ] as const) {
      const { path } = await makeClip(film, { name, width: 160, height: 90, seconds: 4, seed });
      await store.client.fPutObject('input', `film/${name}`, path);
    }
    const { id } = await client.createJob({ ...ORDER, music: song(), upscale: { onCpu: true } }, 'upscaled');
    await finished(deployed(), 'film', 600);
    const file = join(scratch(), 'larger.mp4');
    await writeFile(file, await montageOf(deployed(), id));
    expect((await probe(file, { file })).video).toMatchObject({ width: 320, height: 180 });
    const report = ReportSchema.parse(await json(await store.client.getObject('output', `${id}/r1/report.json`)));
    expect(report.upscaling?.devices).toMatchObject([{ name: expect.stringMatching(/^CPU, /) }]);
    expect(logs.lines.map((line) => `${line.function} ${line.message}`)).toContain('upscale woken');
  });

  it('fails in one sentence where no node has a GPU and the order doesn’t allow the CPU', async () => {
    const { client } = deployed();
    // By another network, since what lies in the cache needs no GPU.
    const order = { ...ORDER, music: song(), upscale: { model: 'medium' } } as const;
    const { id } = await client.createJob(order, 'upscaled without a GPU');
    const { failure } = await until('the job fails', async () => {
      const status = await client.job(id);
      return status.state === 'failed' && status;
    });
    expect(failure).toMatchObject({ stage: 'upscale', reason: expect.stringMatching(/has no GPU .*--upscale-on-cpu/) });
  });
}
