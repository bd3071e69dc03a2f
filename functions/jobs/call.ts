import type { Config } from '../../shared/config.ts';
import type { Store } from '../../storage/store.ts';

/** A request to the API, as a verb needs it. */
export interface Call {
  store: Store;
  config: Config;
  /** The named parts of the path, decoded. */
  parameters: Record<string, string>;
  body: unknown;
  header(name: string): string | undefined;
}

/** What a verb answers: a status with a JSON body, or where the answer is to be had. */
export type Reply = { status: number; body?: unknown } | { redirect: string };
