import { setTimeout as sleep } from 'node:timers/promises';
import { findRuntime } from '../../knative/local/lock.ts';
import { type Runtime, startRuntime } from '../../knative/local/runtime.ts';
import type { Server } from '../../shared/api/client.ts';
import type { Config } from '../../shared/config.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { Store } from '../../storage/store.ts';
import { interrupted } from './exit.ts';
import { Troubles } from './troubles.ts';
import { untilTold } from './until-told.ts';

const TRIES = 5;
const WAIT_MS = 500;

interface LocalMontageOptions {
  store: Store;
  config: Config;
  /** `false` only answers questions: it leaves open jobs alone. */
  works: boolean;
}

/**
 * The runtime of this machine's data: the one that somebody has running, else one of our own, which ends with us. The borrowed
 * one may end with its owner's command at any moment; all that it did and was asked for lies in the store, so another goes on.
 */
export class LocalMontage implements AsyncDisposable {
  readonly #options: LocalMontageOptions;
  readonly #troubles = new Troubles();
  #own: Runtime | null = null;
  #looking: Promise<Server> | null = null;

  constructor(options: LocalMontageOptions) {
    this.#options = options;
  }

  /** The one that answers now. */
  server(): Promise<Server> {
    // Several requests may notice at once that it is gone.
    this.#looking ??= this.#find().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** What our own has said that makes waiting pointless; a borrowed one says nothing to us. */
  trouble: Troubles['sentence'] = (object) => this.#troubles.sentence(object);

  /** Stops our own, once it has told what it did to whoever wants to know. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#looking?.catch(() => {});
    const { works, store, config } = this.#options;
    if (this.#own && works) await untilTold(this.#own, { store, config, signal: interrupted }).catch(() => {});
    await this.#own?.stop();
  }

  async #find(): Promise<Server> {
    const { config, works, store } = this.#options;
    if (this.#own) return { url: this.#own.url };
    for (let attempt = 1; ; attempt += 1) {
      const running = config.MONTAGE_STORE ? null : await findRuntime(config.MONTAGE_DATA);
      if (running) return { ...running, token: running.token ?? config.MONTAGE_TOKEN };
      try {
        const onLog = (_line: string, entry: Parameters<Troubles['hear']>[0]) => this.#troubles.hear(entry);
        this.#own = await startRuntime({ store, config, port: 0, works, onLog });
        return { url: this.#own.url };
      } catch (error) {
        // Another command that lost the same runtime may just have been quicker to take the folder.
        if (!(error instanceof Refusal) || config.MONTAGE_STORE || attempt === TRIES) throw error;
        await sleep(WAIT_MS);
      }
    }
  }
}
