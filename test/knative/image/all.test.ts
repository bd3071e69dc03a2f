import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../knative/image/run.ts';
import { probe } from '../../../shared/media/probe.ts';
import { makeHoliday, makeTune } from '../../pipeline/material.ts';
import { Container } from './container.ts';
import { imageSkipReason } from './machine.ts';
import { type MountedImage, mountImage } from './mounted-image.ts';
import { storedObjects } from './stored-objects.ts';

const missing = imageSkipReason();
const unless = missing ? ` (skipped: ${missing})` : '';
const URL = 'http://127.0.0.1:8080';
const TOKEN = 't'.repeat(32);
const headers = { Authorization: `Bearer ${TOKEN}` };
const BUILD_MS = 30 * 60_000;

describe.skipIf(missing)(`the image of the whole system${unless}`, { timeout: 600_000 }, () => {
  let image: MountedImage;
  let folder: string;
  let data: string;
  let container: Container;
  const start = async () => {
    container = await Container.start(image, {
      env: { MONTAGE_SETTLE_SECONDS: '1', MONTAGE_ACCESS_TOKEN: TOKEN },
      folders: { '/data': data },
    });
    await container.answers(`${URL}/health`);
  };
  const jobs = async (): Promise<{ id: string; state: string }[]> =>
    JSON.parse((await container.ask(`${URL}/v1/jobs`, { headers })).body).jobs;
  const untilDone = async (count: number) => {
    for (;;) {
      const all = await jobs();
      if (all.length === count && all.every(({ state }) => ['done', 'failed'].includes(state))) return all;
      await wait(500);
    }
  };
  /** As a person drops files into the volume. */
  const drop = async (set: string) => {
    const dropped = join(folder, set);
    await cp(join(folder, 'holiday'), dropped, { recursive: true });
    await writeFile(join(dropped, 'montage.yaml'), 'quality: preview\ndurationSeconds: 6\n');
    await run('chown', ['-R', image.config.User, dropped]);
    await run('mv', [dropped, join(data, 'input')]);
  };

  beforeAll(async () => {
    image = await mountImage({ arch: 'amd64', target: 'all' });
    folder = await mkdtemp(join(tmpdir(), 'montage-all-test-'));
    data = join(folder, 'data');
    await mkdir(join(data, 'music'), { recursive: true });
    await makeHoliday(folder);
    await cp((await makeTune(folder)).path, join(data, 'music/tune.wav'));
    await run('chown', ['-R', image.config.User, folder]);
    await start();
  }, BUILD_MS);
  afterAll(async () => {
    await container?.[Symbol.asyncDispose]();
    await image?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('is small', () => {
    console.log(`image: all for amd64 has ${image.megabytes} MB`);
    expect(image.megabytes).toBeLessThan(400);
  });

  it('runs as nobody', () => {
    expect(image.config.User).toBe('65532:65532');
  });

  it('is healthy by its own check', async () => {
    const [, ...command] = image.config.Healthcheck?.Test ?? [];
    await expect(container.exec(command)).resolves.toBe('');
  });

  it('makes a montage of clips, a song and an order that are dropped into its volume', async () => {
    await drop('holiday-1');
    const [job] = await untilDone(1);
    expect(job, container.said).toMatchObject({ state: 'done' });
    const made = (await storedObjects(data)).find(({ key }) => key.endsWith('/montage.mp4'));
    const { video, audio } = await probe(join(data, 'output', made?.key ?? ''), { file: 'montage.mp4' });
    expect(video).toMatchObject({ width: 640, height: 360 });
    expect(audio).not.toBeNull();
  });

  it('gives the finished file to whoever brings the token', async () => {
    const [job] = await jobs();
    const file = await container.ask(`${URL}/v1/jobs/${job?.id}/output/report.json`, { headers });
    expect(file.status).toBe(200);
    expect((await container.ask(`${URL}/v1/jobs`)).status).toBe(401);
    expect(JSON.parse(file.body)).toMatchObject({ job: job?.id });
  });

  it('is used by its own commands', async () => {
    const [job] = await jobs();
    const listed = await container.exec(['node', 'functions/cli/index.ts', 'jobs', '--json']);
    expect(listed).toContain(job?.id);
  });

  it('takes events from nobody outside', async () => {
    expect((await container.ask(`${URL}/broker`, { method: 'POST', body: '{}' })).status).toBe(403);
    expect((await container.ask(`${URL}/events`, { method: 'POST', body: '{}' })).status).toBe(401);
  });

  it('leaves no process behind that has ended', async () => {
    const list = `for (const pid of fs.readdirSync('/proc').filter(Number)) try {
      const [, state] = /State:\\s+(\\S)/.exec(fs.readFileSync('/proc/' + pid + '/status', 'utf8'));
      console.log(state, fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8'));
    } catch {}`;
    expect((await container.exec(['node', '-e', list])).split('\n').filter((line) => line.startsWith('Z'))).toEqual([]);
  });

  it('ends when it is asked to', async () => {
    expect(await container.stop('TERM')).toBe(130);
  });

  it('goes on with its volume when it was killed and started anew', async () => {
    await start();
    await drop('holiday-2');
    await expect.poll(async () => (await jobs()).length, { timeout: 60_000 }).toBe(2);
    await container.stop('KILL');
    await start();
    expect((await untilDone(2)).map(({ state }) => state)).toEqual(['done', 'done']);
  });
});
