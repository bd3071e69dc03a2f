import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { montage, type Started, start } from '../../pipeline/command.ts';

const only = process.platform === 'linux' ? '' : ' (skipped: only Linux has 127.0.0.2)';

describe('montage serve', () => {
  let folder: string;
  let started: Started;
  const serve = (args: string[], env: Record<string, string> = {}) => {
    const common = ['serve', '--port', '0', '--data', join(folder, 'data')];
    started = start([...common, ...args], { cwd: folder, env });
    return started.until(/running at http:\/\/(\S+):\d+(.*)/);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-serve-'));
  });
  afterEach(async () => {
    started.child.kill('SIGTERM');
    await started.ended;
    await rm(folder, { recursive: true, force: true });
  });

  it('is for this machine alone unless it is told otherwise', async () => {
    const [, host, forWhom] = await serve([]);
    expect([host, forWhom]).toEqual(['127.0.0.1', '']);
  });

  it.skipIf(only)(`listens where --host says, and says who can reach it${only}`, async () => {
    const [, host, forWhom] = await serve(['--host', '127.0.0.2'], { MONTAGE_HOST: '127.0.0.3' });
    expect([host, forWhom]).toEqual(['127.0.0.2', ' for everyone who can reach this machine and signs in']);
  });

  it.skipIf(only)(
    `lets other devices in by a token that it prints, and this machine’s commands without${only}`,
    async () => {
      await serve(['--host', '127.0.0.2']);
      const [, url, token] = await started.until(/(http:\S+)\/#token=(\S+)/);
      const status = async (path: string, given: Record<string, string> = {}) =>
        (await fetch(`${url}${path}`, { headers: given })).status;
      for (const path of ['/v1/jobs', '/v1/ops', '/v1/ops/functions']) {
        expect([path, await status(path)]).toEqual([path, 401]);
        expect([path, await status(path, { Authorization: `Bearer ${token}` })]).toEqual([path, 200]);
      }
      const [lock] = (await readdir(join(folder, 'data'))).filter((name) => name.startsWith('.runtime-'));
      expect((await stat(join(folder, 'data', lock ?? ''))).mode & 0o077).toBe(0);
      const listed = await montage(['jobs', '--json', '--data', join(folder, 'data')], { cwd: folder });
      expect([listed.code, listed.stderr]).toEqual([0, '']);
    },
  );

  it.skipIf(only)(`lets in whom the settings name, and makes no token then${only}`, async () => {
    await serve(['--host', '127.0.0.2'], { MONTAGE_TOKENS: `ann:${'a'.repeat(32)}` });
    await started.until(/Open it in a browser/);
    expect(started.output()).not.toContain('#token=');
  });

  it.skipIf(only)(`listens where MONTAGE_HOST says${only}`, async () => {
    const [, host] = await serve([], { MONTAGE_HOST: '127.0.0.3' });
    expect(host).toBe('127.0.0.3');
  });
});
