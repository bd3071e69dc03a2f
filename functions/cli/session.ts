import { resolve } from 'node:path';
import { Client } from '../../shared/api/client.ts';
import { type Config, readConfig } from '../../shared/config.ts';
import type { ObjectRef } from '../../shared/events.ts';
import type { Owner } from '../../shared/owner.ts';
import { Refusal } from '../../shared/refusal.ts';
import { FolderStore } from '../../storage/folder.ts';
import { openStore } from '../../storage/open-store.ts';
import { LocalMontage } from './local-montage.ts';

export interface PlainOptions {
  json?: boolean;
  quiet?: boolean;
}

export interface CommonOptions extends PlainOptions {
  data?: string;
  server?: string;
}

/** A Montage to talk to, wherever it runs. */
export interface Session extends AsyncDisposable {
  client: Client;
  /** Whose sets and songs those are that the session brings; null where nobody is asked who they are. */
  owner(): Promise<Owner | null>;
  /** The folder that it keeps its data in, when that is on this machine: files can be linked into it. */
  folder: FolderStore | null;
  /**
   * Why nothing will come of waiting (for the object, where one is named), as a sentence, when the session's own runtime has
   * said so; else null.
   */
  trouble(object?: Pick<ObjectRef, 'bucket' | 'key'>): string | null;
}

/** The server of that address, as whoever the settings say one is. */
export const clientOf = (url: string): Client => new Client({ url, token: readConfig().MONTAGE_TOKEN });

/** A client, and whose what it brings is. */
const known = (client: Client) => ({
  client,
  async owner() {
    const { user } = await client.me();
    if (!user) throw new Refusal(`${client.server} asks who you are: set MONTAGE_TOKEN to a token of yours`);
    return user.owner;
  },
});

/** Who can run a command of their own here can have all that lies here. */
const NOBODY_ASKS = {
  MONTAGE_ACCESS_TOKEN: undefined,
  MONTAGE_TOKENS: undefined,
  MONTAGE_OIDC_ISSUER: undefined,
} satisfies Partial<Config>;

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
      ...known(clientOf(options.server)),
      folder: null,
      trouble: () => null,
      async [Symbol.asyncDispose]() {},
    };
  const config = { ...readConfig(), ...NOBODY_ASKS, MONTAGE_DATA: dataFolder(options) };
  const store = openStore(config);
  await store.prepare();
  const montage = new LocalMontage({ store, config, works });
  return {
    ...known(new Client(await montage.server(), () => montage.server())),
    folder: store instanceof FolderStore ? store : null,
    trouble: montage.trouble,
    [Symbol.asyncDispose]: () => montage[Symbol.asyncDispose](),
  };
}
