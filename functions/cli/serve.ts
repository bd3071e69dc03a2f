import { once } from 'node:events';
import { findRuntime } from '../../knative/local/lock.ts';
import { type Runtime, startRuntime } from '../../knative/local/runtime.ts';
import { readConfig } from '../../shared/config.ts';
import { Refusal } from '../../shared/refusal.ts';
import { openStore } from '../../storage/open-store.ts';
import { buildPage } from '../ui/build.ts';
import { colours } from './colours.ts';
import { Interrupted, interrupted } from './exit.ts';
import { type JobNews, newsLine, tellOfJobs } from './job-news.ts';
import { type CommonOptions, dataFolder } from './session.ts';

/** Runs the whole system on this machine until Ctrl-C. */
export async function serve(options: CommonOptions & { port: number; host?: string }): Promise<void> {
  const config = { ...readConfig(), MONTAGE_DATA: dataFolder(options) };
  const running = config.MONTAGE_STORE ? null : await findRuntime(config.MONTAGE_DATA);
  if (running)
    throw new Refusal(
      `${config.MONTAGE_DATA} is already served at ${running.url}; use that one, or another folder with --data`,
    );
  const store = openStore(config);
  await store.prepare();
  await buildPage();
  await tellOfJobs(store, config, (news) => print(news, options), interrupted);
  const runtime = await startRuntime({
    store,
    config,
    port: options.port,
    host: options.host ?? config.MONTAGE_HOST,
    works: true,
    onLog: (line) => {
      if (!options.quiet) process.stderr.write(`${line}\n`);
    },
  });
  try {
    if (options.json)
      process.stdout.write(
        `${JSON.stringify({ url: runtime.address, store: config.MONTAGE_STORE ?? config.MONTAGE_DATA })}\n`,
      );
    else process.stdout.write(`${welcome(runtime, config.MONTAGE_STORE, config.MONTAGE_DATA)}\n`);
    if (!interrupted.aborted) await once(interrupted, 'abort');
  } finally {
    await runtime.stop();
  }
  throw new Interrupted('Stopped');
}

function print(news: JobNews, options: CommonOptions): void {
  const { green, red } = colours(process.stdout);
  const inWords = (news.state === 'done' ? green : red)(newsLine(news));
  process.stdout.write(`${options.json ? JSON.stringify(news) : inWords}\n`);
}

function welcome({ address, url }: Runtime, store: string | undefined, data: string): string {
  const where = store ? `the buckets of ${store}` : data;
  return [
    `Montage is running at ${address}${address === url ? '' : ' for everyone who can reach this machine'}`,
    `Open it in a browser; or drop clips into input/<set>/ and songs into music/ of ${where},`,
    'and an empty file named montage.yaml beside the clips: the montage appears in output/. Ctrl-C stops it.',
  ].join('\n');
}
