import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Started, start } from '../../pipeline/command.ts';

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
    expect([host, forWhom]).toEqual(['127.0.0.2', ' for everyone who can reach this machine']);
  });

  it.skipIf(only)(`listens where MONTAGE_HOST says${only}`, async () => {
    const [, host] = await serve([], { MONTAGE_HOST: '127.0.0.3' });
    expect(host).toBe('127.0.0.3');
  });
});
