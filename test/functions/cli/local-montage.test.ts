import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalMontage } from '../../../functions/cli/local-montage.ts';
import { Client } from '../../../shared/api/client.ts';
import { readConfig } from '../../../shared/config.ts';
import { FolderStore } from '../../../storage/folder.ts';

let folder: string;
const begun: LocalMontage[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'montage-local-'));
});
afterEach(async () => {
  await Promise.all(begun.splice(0).map((montage) => montage[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true });
});

async function local(): Promise<LocalMontage> {
  const store = new FolderStore(folder);
  await store.prepare();
  const montage = new LocalMontage({ store, config: readConfig({ MONTAGE_DATA: folder }), works: true });
  begun.push(montage);
  return montage;
}

describe('the runtime of a data folder', () => {
  it('is one, however many commands begin at once', async () => {
    const commands = await Promise.all([local(), local(), local()]);
    const servers = await Promise.all(commands.map((command) => command.server()));
    expect(new Set(servers.map(({ url }) => url)).size).toBe(1);
  });

  it('is followed by that of one of the commands that borrowed it, when its owner ends', async () => {
    const [owner, ...borrowers] = await Promise.all([local(), local(), local()]);
    const first = (await owner.server()).url;
    const clients = await Promise.all(
      borrowers.map(async (borrower) => new Client(await borrower.server(), () => borrower.server())),
    );
    expect(clients.map(({ server }) => server)).toEqual([first, first]);
    await owner[Symbol.asyncDispose]();
    expect(await Promise.all(clients.map((client) => client.jobs()))).toEqual([[], []]);
    const [next, same] = clients.map(({ server }) => server);
    expect(next).not.toBe(first);
    expect(same).toBe(next);
  });
});
