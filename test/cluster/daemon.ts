import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnInNetwork } from './network.ts';
import { LOGS } from './places.ts';

/** A program that runs for as long as the cluster does. */
interface Daemon {
  /** Waits until `check` neither fails nor says false, or says what the program last wrote. */
  ready(check: () => Promise<unknown>, seconds: number): Promise<void>;
}

/** Starts a program in the cluster's network. It outlives this process, and writes to a log file of its own. */
export function startDaemon(name: string, command: string, args: readonly string[]): Daemon {
  const path = join(LOGS, `${name}.log`);
  const log = openSync(path, 'a');
  const child = spawnInNetwork(command, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended: string | undefined;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended = `it ended with ${code ?? signal}`;
  });
  child.unref();
  return {
    async ready(check, seconds) {
      let lately: unknown = 'it answered no';
      for (const until = Date.now() + seconds * 1000; Date.now() < until && !ended; await sleep(200)) {
        try {
          if ((await check()) !== false) return;
        } catch (error) {
          lately = error;
        }
      }
      const written = (await readFile(path, 'utf8')).trim().split('\n').slice(-15).join('\n');
      throw new Error(`${name} is not ready after ${seconds} s (${ended ?? lately}). The end of ${path}:\n${written}`);
    },
  };
}
