import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf } from '../../../functions/jobs/sign-in/user.ts';
import { type Runtime, startRuntime } from '../../../knative/local/runtime.ts';
import { Client } from '../../../shared/api/client.ts';
import { readConfig } from '../../../shared/config.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { montage } from '../../pipeline/command.ts';
import { makeHoliday, makeTune } from '../../pipeline/material.ts';

const TOKENS = { ann: 'a'.repeat(32), ben: 'b'.repeat(32) };
const ANN = ownerOf('token', 'ann');
let folder: string;
let store: FolderStore;
let runtime: Runtime;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-signed-in-'));
  store = new FolderStore(join(folder, 'data'));
  await store.prepare();
  const settings = { MONTAGE_DATA: store.root, MONTAGE_TOKENS: `ann:${TOKENS.ann} ben:${TOKENS.ben}` };
  runtime = await startRuntime({ store, config: readConfig(settings), port: 0, onLog: () => {} });
  await makeHoliday(folder);
  await makeTune(folder);
});
afterAll(async () => {
  await runtime?.stop();
  await rm(folder, { recursive: true, force: true });
});

const as = (person: keyof typeof TOKENS | null, ...args: string[]) =>
  montage([...args, '--server', runtime.url], {
    cwd: folder,
    env: { MONTAGE_TOKEN: person ? TOKENS[person] : '' },
  });

describe('the command line, where people sign in', { timeout: 240_000 }, () => {
  it('says what is missing to who brings no token, or a wrong one', async () => {
    expect(await as(null, 'jobs')).toMatchObject({ code: 1, stderr: expect.stringContaining('Sign in first') });
    const run = ['run', '--footage', 'holiday', '--music', 'tune.wav'];
    expect(await as(null, ...run)).toMatchObject({ code: 1, stderr: expect.stringContaining('set MONTAGE_TOKEN') });
    const wrong = await montage(['jobs', '--server', runtime.url], { cwd: folder, env: { MONTAGE_TOKEN: 'wrong' } });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('This token lets nobody in') });
  });

  it('makes a montage of clips that are sent under their owner’s name, and nobody else’s', async () => {
    const run = ['run', '--footage', 'holiday', '--music', 'tune.wav', '--duration', '6', '--quality', 'preview'];
    expect(await as('ann', ...run, '-o', 'ann.mp4', '--quiet')).toMatchObject({ code: 0, stderr: '' });
    for (const bucket of ['input', 'music', 'output'] as const)
      for await (const { key } of store.list(bucket, '')) expect(key).toMatch(new RegExp(`^${ANN}[~-]`));
    const names = await Array.fromAsync(store.list('input', `${ANN}~holiday/`));
    expect(names.length).toBeGreaterThan(0);
    expect(await store.stat('music', `${ANN}~/tune.wav`)).not.toBeNull();
    const ids = async (person: 'ann' | 'ben') =>
      (await new Client({ ...runtime, token: TOKENS[person] }).jobs()).map(({ id }) => id);
    expect(await ids('ann')).toHaveLength(1);
    expect(await ids('ben')).toEqual([]);
    const [job = ''] = await ids('ann');
    expect(await as('ben', 'cancel', job)).toMatchObject({ code: 1, stderr: `There is no job ${job}\n` });
  });

  it('looks at a file for its owner, and leaves nothing of it behind', async () => {
    const { code, stdout } = await as('ben', 'analyze', 'tune.wav', '--json');
    expect([code, JSON.parse(stdout).kind]).toEqual([0, 'music']);
    for await (const { key } of store.list('music', '')) expect(key).not.toContain('analyze-');
  });

  it('names sets as their owner does', async () => {
    expect((await as('ann', 'rules', 'set', 'Summer', 'vlog')).stdout).toMatch(/^Summer {2}after/);
    expect((await as('ann', 'rules', 'list')).stdout).toMatch(/^Summer {2}after/);
    expect((await as('ben', 'rules', 'list')).stdout).toBe('');
    expect(await as('ben', 'rules', 'remove', 'Summer')).toMatchObject({ code: 1 });
    expect(await as('ann', 'rules', 'remove', 'Summer')).toMatchObject({ code: 0 });
  });

  it('needs none for the folder of this machine, whatever the settings say of others', async () => {
    const listed = await montage(['jobs', '--data', join(folder, 'own')], {
      cwd: folder,
      env: { MONTAGE_TOKENS: `ann:${TOKENS.ann}` },
    });
    expect(listed.code).toBe(0);
  });
});
