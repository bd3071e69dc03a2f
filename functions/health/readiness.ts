import type { Config } from '../../shared/config.ts';
import { mediaTools } from '../../shared/media/tools.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import type { Store } from '../../storage/store.ts';

export interface Dependency {
  name: string;
  ok: boolean;
  milliseconds: number;
  detail: string;
}

export interface Readiness {
  status: 'ready' | 'unready';
  dependencies: Dependency[];
}

const TIME_LIMIT_MS = 5000;

/** Tries everything that work needs: the store can be listed, ffmpeg runs, the broker's address answers. */
export async function check(store: Store, config: Config): Promise<Readiness> {
  const dependencies = await Promise.all([
    attempt('store', async () => {
      for await (const _first of store.list('jobs', '')) break;
      return config.MONTAGE_STORE ?? config.MONTAGE_DATA;
    }),
    attempt('ffmpeg', async () => (await mediaTools()).version),
    attempt('broker', async () => {
      if (!config.K_SINK) throw new Error('K_SINK is not set');
      // Any answer shows that somebody is there; a broker takes only POST.
      const response = await fetch(config.K_SINK, { signal: AbortSignal.timeout(TIME_LIMIT_MS) });
      await response.arrayBuffer();
      // Without its path, which is a secret on one machine.
      return new URL(config.K_SINK).origin;
    }),
  ]);
  return { status: dependencies.every(({ ok }) => ok) ? 'ready' : 'unready', dependencies };
}

async function attempt(name: string, run: () => Promise<string>): Promise<Dependency> {
  const begun = performance.now();
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${TIME_LIMIT_MS / 1000} s`)), TIME_LIMIT_MS).unref();
  });
  const outcome = await Promise.race([run(), late]).then(
    (detail) => ({ ok: true, detail }),
    (error: unknown) => ({ ok: false, detail: sentenceOf(error) }),
  );
  return { name, milliseconds: Math.round(performance.now() - begun), ...outcome };
}
