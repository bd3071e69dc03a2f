import { resolve } from 'node:path';
import { Client } from '../../shared/api/client.ts';
import { readConfig } from '../../shared/config.ts';
import type { ObjectRef } from '../../shared/events.ts';
import { FolderStore } from '../../storage/folder.ts';
import { openStore } from '../../storage/open-store.ts';
import { LocalMontage } from './local-montage.ts';

export interface CommonOptions {
  data?: string;
  server?: string;
  json?: boolean;
  quiet?: boolean;
}

/** A Montage to talk to, wherever it runs. */
export interface Session extends AsyncDisposable {
  client: Client;
  /** The folder that it keeps its data in, when that is on this machine: files can be linked into it. */
  folder: FolderStore | null;
  /**
   * Why nothing will come of waiting (for the object, where one is named), as a sentence, when the session's own runtime has
   * said so; else null.
   */
  trouble(object?: Pick<ObjectRef, 'bucket' | 'key'>): string | null;
}

/** The folder that is used when no server is named. */
export function dataFolder(options: CommonOptions): string {
  return resolve(options.data ?? readConfig().MONTAGE_DATA);
}

/**
 * The server that was named; else the one that serves the data folder at the moment, or one of our own, which ends with the
 * session. `works: false` only answers questions: it leaves open jobs alone.
 */
export async function openSession(options: CommonOptions, { works }: { works: boolean }): Promise<Session> {
  if (options.server)
    return {
      client: new Client(options.server),
      folder: null,
      trouble: () => null,
      async [Symbol.asyncDispose]() {},
    };
  const config = { ...readConfig(), MONTAGE_DATA: dataFolder(options) };
  const store = openStore(config);
  await store.prepare();
  const montage = new LocalMontage({ store, config, works });
  return {
    client: new Client(await montage.url(), () => montage.url()),
    folder: store instanceof FolderStore ? store : null,
    trouble: montage.trouble,
    [Symbol.asyncDispose]: () => montage[Symbol.asyncDispose](),
  };
}
