import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seal } from '../../../functions/jobs/sign-in/seal.ts';
import { identityOfToken } from '../../../functions/jobs/sign-in/tokens.ts';
import { ownerOf } from '../../../functions/jobs/sign-in/user.ts';
import { type Runtime, startRuntime } from '../../../knative/local/runtime.ts';
import { Client } from '../../../shared/api/client.ts';
import { readConfig } from '../../../shared/config.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { SETTINGS, TOKENS } from './people.ts';

/** Once all that runs is looked at, which is each 15 seconds. */
const SOON_MS = 40_000;

describe('events that are listened to', () => {
  let folder: string;
  let runtime: Runtime;
  const config = () => readConfig({ ...SETTINGS, MONTAGE_DATA: folder });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'montage-event-stream-'));
    const store = new FolderStore(folder);
    await store.prepare();
    runtime = await startRuntime({ store, config: config(), port: 0, works: false, onLog: () => {} });
  });
  afterAll(async () => {
    await runtime?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'end soon after whoever listens has signed out, or their token has expired, and for nobody else',
    async () => {
      const client = new Client({ url: runtime.url, token: TOKENS.ann });
      const { id } = await client.createJob({ footageSet: `${ownerOf('token', 'ann')}~Holiday` }, 'watched');
      const path = `${runtime.url}/v1/jobs/${id}/events`;
      const identity = { ...identityOfToken(TOKENS.ann, config()) };
      const sealed = (purpose: 'session' | 'bearer', seconds: number) =>
        seal(config(), purpose, identity, { seconds, now: new Date() });
      const away = new AbortController();
      const listen = async (headers: Record<string, string>) => {
        const answer = await fetch(path, { headers, signal: away.signal });
        expect(answer.status).toBe(200);
        return answer.text();
      };
      const session = { Cookie: `montage-session=${await sealed('session', 60)}` };
      const out = listen(session);
      const expired = listen({ Authorization: `Bearer ${await sealed('bearer', 3)}` });
      let hasEnded = false;
      const stays = listen({ Cookie: `montage-session=${await sealed('session', 120)}` }).finally(() => {
        hasEnded = true;
      });
      const left = await fetch(`${runtime.url}/v1/sign-out`, {
        method: 'POST',
        headers: { ...session, Origin: runtime.url },
      });
      expect(left.status).toBe(200);
      for (const told of await Promise.all([out, expired])) expect(told).toContain('event: job');
      expect((await fetch(path, { headers: session })).status).toBe(401);
      expect(hasEnded).toBe(false);
      away.abort();
      await expect(stays).rejects.toThrow();
    },
    SOON_MS,
  );
});
