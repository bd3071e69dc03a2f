import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARCHITECTURES } from '../../../knative/image/base.ts';
import { run } from '../../../knative/image/run.ts';
import { readManifests } from '../../../knative/local/manifests.ts';
import { eventOf, type ObjectEvent, TICK_TYPE } from '../../../shared/events.ts';
import { probe } from '../../../shared/media/probe.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { makeHoliday, makeTune } from '../../pipeline/material.ts';
import { type Answer, Container } from './container.ts';
import { imageSkipReason } from './machine.ts';
import { type MountedImage, mountImage } from './mounted-image.ts';
import { storedObjects } from './stored-objects.ts';

const missing = imageSkipReason();
const unless = missing ? ` (skipped: ${missing})` : '';
const manifests = await readManifests(resolve(import.meta.dirname, '../../../knative/base'));
const BY_REQUEST = ['jobs', 'ingest', 'health', 'ui'];
const BY_EVENT = manifests.services.map(({ name }) => name).filter((name) => !BY_REQUEST.includes(name));
/** An object that isn't there, of a kind that nobody waits for. */
const NOTHING = { bucket: 'jobs', key: 'no-job/nothing.json', etag: '0', size: 0 };
const USER = 65532;
const URL = 'http://127.0.0.1:8080/';
const TOKEN = 'a token for webhooks';
/** The first build takes minutes, more where another architecture is emulated. */
const BUILD_MS = 60 * 60_000;
/** An emulated ffmpeg is some twenty times slower. */
const MONTAGE_MS = 20 * 60_000;

describe.skipIf(missing).each(ARCHITECTURES)(
  `the image of the functions for %s${unless}`,
  { timeout: MONTAGE_MS },
  (arch) => {
    let image: MountedImage;
    let folder: string;
    let data: string;
    const containers = new Map<string, Container>();
    const of = (name: string) => {
      const container = containers.get(name);
      if (!container) throw new Error(`There is no container of ${name}`);
      return container;
    };

    beforeAll(async () => {
      image = await mountImage({ arch, target: 'functions' });
      folder = await mkdtemp(join(tmpdir(), 'montage-image-test-'));
      data = join(folder, 'data');
      await new FolderStore(data).prepare();
      const holiday = await makeHoliday(folder);
      await run('cp', ['-r', holiday, join(data, 'input')]);
      await run('cp', [(await makeTune(folder)).path, join(data, 'music')]);
      await writeFile(join(data, 'input/holiday/x.montage.yaml'), 'quality: preview\ndurationSeconds: 6\n');
      await run('chown', ['-R', `${USER}:${USER}`, folder]);
      await run('chmod', ['755', folder]);
      const env = {
        MONTAGE_DATA: '/data',
        MONTAGE_SCRATCH: '/tmp',
        MONTAGE_SETTLE_SECONDS: '0',
        MONTAGE_INGEST_TOKEN: TOKEN,
        K_SINK: 'http://127.0.0.1:1',
      };
      const hosts = join(folder, 'hosts');
      await writeFile(hosts, '10.1.2.3 minio.lan\n');
      for (const { name, args } of manifests.services) {
        const command = ['functions-framework', ...args];
        containers.set(
          name,
          await Container.start(image, { command, env, folders: { '/data': data, '/etc/hosts': hosts } }),
        );
      }
    }, BUILD_MS);
    afterAll(async () => {
      for (const container of containers.values()) await container[Symbol.asyncDispose]();
      await image?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    }, 120_000);

    it('is of that architecture, and small', async () => {
      console.log(`image: functions for ${arch} has ${image.megabytes} MB`);
      expect(image.architecture).toBe(arch);
      expect(image.megabytes).toBeLessThan(400);
      const machine = { amd64: 'x64', arm64: 'arm64' }[arch];
      expect((await of('plan').exec(['node', '-p', 'process.arch'])).trim()).toBe(machine);
    });

    it('leaves the command to the manifests, and is nobody by default', () => {
      expect(image.config.Entrypoint ?? []).toEqual([]);
      expect(image.config.Cmd ?? []).toEqual([]);
      expect(image.config.User).toBe(`${USER}:${USER}`);
    });

    it.each(BY_REQUEST)('has %s answer, started as its manifest says', async (name) => {
      expect((await of(name).answers(URL)).status).toBeLessThan(500);
    });

    it.each(BY_EVENT)('has an event wake %s, started as its manifest says', async (name) => {
      await of(name).answers(
        URL,
        eventRequest({ id: 'nothing', source: '/test', type: 'ai.montage.nothing', data: NOTHING }),
      );
      expect(of(name).said).toContain(`"message":"woken","function":"${name}"`);
    });

    it('has health say that it is healthy', async () => {
      expect(await of('health').ask(`${URL}health`)).toEqual({ status: 200, body: '{"status":"healthy"}' });
    });

    it('has nothing that can be written to but /tmp', async () => {
      const write = (path: string) =>
        of('plan').exec(['node', '-p', `try { fs.writeFileSync('${path}', ''); 'written' } catch ({ code }) { code }`]);
      expect((await write('/tmp/x')).trim()).toBe('written');
      for (const path of ['/x', '/app/x', '/app/functions/plan/index.ts', '/var/cache/montage/compiled/x'])
        expect((await write(path)).trim(), path).toBe('EROFS');
    });

    it('finds the hosts that a cluster writes into /etc/hosts', async () => {
      const find = ['node', '-e', "dns.promises.lookup('minio.lan').then(({ address }) => console.log(address))"];
      expect(await of('plan').exec(find)).toBe('10.1.2.3\n');
    });

    it('has the compiled code of each function at hand', async () => {
      for (const { name } of manifests.services) {
        const load = ['node', '--input-type=module', '-e', `await import('/app/functions/${name}/index.ts')`];
        const env = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
        const said = await of(name).exec(['sh', '-c', '"$@" 2>&1', 'sh', ...load], env);
        const own = said.split('\n').filter((line) => line.includes(`/app/functions/${name}/index.ts`));
        expect(own.join('\n'), name).toContain('was accepted');
      }
    });

    it('has an ffmpeg that can do all that montages use', async () => {
      expect(await of('render').exec(['ffmpeg', '-version'])).toMatch(/^ffmpeg version 7\./);
      const said = await of('render').exec(['ffmpeg', '-hide_banner', '-filters']);
      const filters = said.split('\n').map((line) => line.trim().split(/\s+/)[1]);
      for (const filter of ['xfade', 'tpad', 'scdet', 'lut3d', 'zscale', 'tonemap', 'ebur128', 'bwdif'])
        expect(filters, filter).toContain(filter);
      expect(await of('render').exec(['ffmpeg', '-hide_banner', '-encoders'])).toContain('libx264');
    });

    it('makes a montage of clips, a song and a dropped order, one container a function', async () => {
      const delivered = new Set<string>();
      const montage = () => storedObjects(data).then((all) => all.find(({ key }) => key.endsWith('/montage.mp4')));
      for (const end = Date.now() + MONTAGE_MS / 2; !(await montage()) && Date.now() < end; ) {
        const fresh = (await storedObjects(data)).filter(({ bucket, key }) => !delivered.has(`${bucket}/${key}`));
        const events = fresh.flatMap((object) => eventOf(object, new Date()) ?? []);
        for (const { bucket, key } of fresh) delivered.add(`${bucket}/${key}`);
        await Promise.all(events.map(deliver));
        if (events.length === 0) await post('reconcile', { id: 'tick', source: '/tick', type: TICK_TYPE, data: {} });
      }
      const made = await montage();
      expect(made, [...containers.values()].map(({ said }) => said).join('\n')).toBeDefined();
      const { video } = await probe(join(data, 'output', made?.key ?? ''), { file: 'montage.mp4' });
      expect(video).toMatchObject({ width: 640, height: 360 });
      for (const name of ['analyze-footage', 'analyze-music', 'reconcile', 'plan', 'render', 'assemble'])
        expect(of(name).said, name).toContain('"finished"');
    });

    it('has jobs say that it is done', async () => {
      const { status, body } = await of('jobs').ask(`${URL}v1/jobs`);
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ jobs: [{ state: 'done' }] });
    });

    it('has ingest turn away who brings no token, and fail while no broker is there', async () => {
      const object = { key: 'a/b.mp4', eTag: '0'.repeat(32), size: 1 };
      const record = { eventName: 's3:ObjectCreated:Put', eventTime: new Date().toISOString() };
      const records = { Records: [{ ...record, s3: { bucket: { name: 'input' }, object } }] };
      const notify = (authorization: string) =>
        of('ingest').ask(URL, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify(records),
        });
      expect((await notify('Bearer another token')).status).toBe(401);
      expect((await notify(`Bearer ${TOKEN}`)).status).toBeGreaterThanOrEqual(500);
    });

    it('has dead-letter take what ran out of retries', async () => {
      const event = { id: 'dead', source: '/buckets/jobs', type: 'ai.montage.nothing', data: NOTHING };
      expect((await post('dead-letter', event)).status).toBeLessThan(300);
    });

    it('prepares a store, and says what is missing when none is named', async () => {
      const command = ['sh', '-c', 'node storage/prepare-minio.ts 2>&1; echo "ended with $?"'];
      const said = await of('health').exec(command);
      expect(said).toContain('MONTAGE_STORE must be set');
      expect(said).toContain('ended with 1');
    });

    async function deliver(event: ObjectEvent): Promise<void> {
      const wanted = manifests.triggers.filter(({ filters }) =>
        filters.every((alternatives) => alternatives.some(({ type }) => type === event.type)),
      );
      for (const { subscriber } of wanted) await post(subscriber, event);
    }

    function post(name: string, event: PostedEvent): Promise<Answer> {
      return of(name).ask(URL, eventRequest(event));
    }
  },
);

type PostedEvent = Pick<ObjectEvent, 'id' | 'source' | 'type'> & { data: object };

/** An event as a broker delivers it: binary mode, each attribute in a header. */
function eventRequest({ data, ...attributes }: PostedEvent): RequestInit {
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURI(value)]);
  return {
    method: 'POST',
    headers: { ...Object.fromEntries(headers), 'ce-specversion': '1.0', 'content-type': 'application/json' },
    body: JSON.stringify(data),
  };
}
