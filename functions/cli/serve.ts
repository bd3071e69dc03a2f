import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { isForOthers } from '../../knative/local/doors.ts';
import { findRuntime } from '../../knative/local/lock.ts';
import { type Runtime, startRuntime } from '../../knative/local/runtime.ts';
import { asksWho, type Config, readConfig } from '../../shared/config.ts';
import { Refusal } from '../../shared/refusal.ts';
import { openStore } from '../../storage/open-store.ts';
import { buildPage } from '../ui/build.ts';
import { colours } from './colours.ts';
import { Interrupted, interrupted } from './exit.ts';
import { type JobNews, newsLine, tellOfJobs } from './job-news.ts';
import { type CommonOptions, dataFolder } from './session.ts';

/** Runs the whole system on this machine until Ctrl-C. */
export async function serve(options: CommonOptions & { port: number; host?: string }): Promise<void> {
  const set = { ...readConfig(), MONTAGE_DATA: dataFolder(options) };
  const host = options.host ?? set.MONTAGE_HOST;
  // One for all, where the settings say nothing of who may come in.
  const token = isForOthers(host) && !asksWho(set) ? randomBytes(24).toString('base64url') : undefined;
  const config = token === undefined ? set : { ...set, MONTAGE_ACCESS_TOKEN: token };
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
    host,
    works: true,
    onLog: (line, { severity }) => {
      // How the work goes is for whoever asks for it; else what a person has to know is lost in it.
      const isWanted = process.env.LOG_LEVEL !== undefined || severity === 'WARN' || severity === 'ERROR';
      if (!options.quiet && isWanted) process.stderr.write(`${line}\n`);
    },
  });
  try {
    if (options.json)
      process.stdout.write(
        `${JSON.stringify({ url: runtime.address, store: config.MONTAGE_STORE ?? config.MONTAGE_DATA, token })}\n`,
      );
    else process.stdout.write(`${welcome(runtime, config, token)}\n`);
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

function welcome({ address, url }: Runtime, config: Config, token: string | undefined): string {
  const { MONTAGE_STORE, MONTAGE_DATA, MONTAGE_PUBLIC_URL } = config;
  const asks = asksWho(config);
  const known = MONTAGE_PUBLIC_URL?.replace(/\/+$/, '') ?? address;
  // What lies there by another name than its owner's is nobody's, and few reach into buckets by hand.
  const canDrop = !asks && !MONTAGE_STORE;
  return [
    `Montage is running at ${known}${forWhom(address === url, asks)}`,
    ...(token === undefined ? [] : [`This address lets a device in until Montage ends: ${known}/#token=${token}`]),
    ...(canDrop
      ? [
          `Open it in a browser; or drop clips into input/<set>/ and songs into music/ of ${MONTAGE_DATA},`,
          'and an empty file named montage.yaml beside the clips: the montage appears in output/. Ctrl-C stops it.',
        ]
      : ['Open it in a browser. Ctrl-C stops it.']),
  ].join('\n');
}

function forWhom(isForItself: boolean, asks: boolean): string {
  if (!isForItself) return ' for everyone who can reach this machine and signs in';
  return asks ? ' for people who sign in' : '';
}
