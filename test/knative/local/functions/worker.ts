/** A function for tests: does what its event's data says, and writes down in the data folder when it began and ended. */
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';

export interface Orders {
  /** How long to work. */
  ms?: number;
  /** How often to fail before it succeeds. */
  failures?: number;
  /** Start a child process, as ffmpeg would be, that lives for a minute. */
  child?: boolean;
  /** Keep the process too busy to notice anything for so long. */
  busyMs?: number;
}

const journal = join(process.env.MONTAGE_DATA ?? '', 'journal.jsonl');
const write = (entry: object) =>
  appendFileSync(journal, `${JSON.stringify({ at: Date.now(), pid: process.pid, ...entry })}\n`);

cloudEvent<Orders>('worker', async (event: CloudEvent<Orders>) => {
  const { ms = 0, failures = 0, child, busyMs = 0 } = event.data ?? {};
  const { id, subject, job, knativeerrorcode, knativeerrordata, knativeerrordest } = event as unknown as Record<
    string,
    string
  >;
  const childPid = child ? spawn('sleep', ['60'], { stdio: 'ignore' }).pid : undefined;
  write({ what: 'began', id, subject, job, childPid, knativeerrorcode, knativeerrordata, knativeerrordest });
  for (const until = Date.now() + busyMs; Date.now() < until; );
  await wait(ms);
  const tries = readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"began"') && line.includes(`"${id}"`)).length;
  if (tries <= failures) throw new Error(`failed on try ${tries}`);
  write({ what: 'ended', id });
});
