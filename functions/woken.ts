import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { type Config, readConfig } from '../shared/config.ts';
import { type ObjectRef, objectOf } from '../shared/events.ts';
import { log } from '../shared/log.ts';
import { sentenceOf } from '../shared/refusal.ts';
import { observed } from '../storage/observed.ts';
import { openStore } from '../storage/open-store.ts';
import type { Store } from '../storage/store.ts';
import { type EventOutcome, observeEvent } from './observed-event.ts';
import { noteReady } from './ready.ts';

/** A plan has been asked for. On a cluster those whose work follows it are told too, so that they are up by then. */
const AHEAD = 'ai.montage.plan.requested';

/** What every event function gets: the store, the settings, and a scratch folder that is gone afterwards. */
export interface Woken {
  store: Store;
  config: Config;
  /** Makes an empty folder that is removed when the event has been dealt with. */
  scratch(): Promise<string>;
  /** What a function answered on the last try, when this is the event of a delivery that ran out of retries. */
  lastAnswer: string | null;
}

export interface WokenOptions {
  /** That a plan has been asked for only has it running; its own events come after. Default: false, that is an event like others. */
  ahead?: boolean;
}

/**
 * Registers a CloudEvent function that is woken by new objects (`object`) or by the timer (null).
 * What it throws is logged in one line and answered as a failure, so that the broker delivers again.
 */
export function wokenBy(
  name: string,
  handle: (object: ObjectRef | null, woken: Woken) => Promise<void>,
  { ahead = false }: WokenOptions = {},
): void {
  let opened: Store | undefined;
  const work = async (event: CloudEvent<unknown>): Promise<EventOutcome> => {
    const object = objectOf(event);
    if (ahead && event.type === AHEAD) {
      log.info('up ahead of its work', { function: name, key: object?.key });
      return 'ahead';
    }
    log.info('woken', {
      function: name,
      type: event.type,
      key: object?.key,
      sinceObjectMs: event.time ? Date.now() - Date.parse(event.time) : undefined,
    });
    const begun = performance.now();
    const folders: string[] = [];
    try {
      const config = readConfig();
      opened ??= observed(openStore(config));
      const store = opened;
      const scratch = async () => {
        const folder = await mkdtemp(join(config.MONTAGE_SCRATCH ?? tmpdir(), `montage-${name}-`));
        folders.push(folder);
        return folder;
      };
      await handle(object, {
        store,
        config,
        scratch,
        lastAnswer: lastAnswerOf(event),
      });
      log.info('finished', { function: name, key: object?.key, milliseconds: Math.round(performance.now() - begun) });
      return 'done';
    } catch (error) {
      log.error('failed', {
        function: name,
        key: object?.key,
        reason: sentenceOf(error),
      });
      throw error;
    } finally {
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    }
  };
  cloudEvent(name, (event: CloudEvent<unknown>) => observeEvent(name, event, () => work(event)));
  noteReady(name);
}

/** Knative's dead-letter extension: the last response's body, base64 as its docs ask, plain as some versions send it. */
function lastAnswerOf(event: Record<string, unknown>): string | null {
  const data = event.knativeerrordata;
  if (typeof data !== 'string' || data === '') return null;
  const decoded = Buffer.from(data, 'base64');
  return decoded.toString('base64') === data ? decoded.toString('utf8') : data;
}
