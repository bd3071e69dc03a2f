import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { Client } from '../../shared/api/client.ts';
import { hasEnded } from '../../shared/job.ts';
import { MUSIC_EXTENSIONS, VIDEO_EXTENSIONS } from '../../shared/keys.ts';
import { GPU_LOOKED_FOR, lookForAGpu } from '../../shared/look-for-a-gpu.ts';
import { type Owner, ownSets, ownSongs } from '../../shared/owner.ts';
import { Refusal } from '../../shared/refusal.ts';
import { type Format, OrderSchema, type Quality } from '../../shared/request.ts';
import type { JobStatus } from '../../shared/status.ts';
import { resolveStyle } from '../../shared/styles/built-in.ts';
import { type ModelName, type MontageScale, UpscaleSchema } from '../../shared/super-resolution.ts';
import { bringIn } from './bring-in.ts';
import { colours } from './colours.ts';
import { WrongUse } from './exit.ts';
import { follow } from './follow.ts';
import { leftOutLines, type NamedFootage, namedFootage } from './footage.ts';
import { outputPlace } from './output-place.ts';
import { fetchOutputs } from './outputs.ts';
import { type SentFootage, sendFootage, sendSong } from './send.ts';
import { type CommonOptions, dataFolder, openSession, type Session } from './session.ts';
import { ensureInstalled, upscaling } from './setup.mjs';
import { stylesOfStore } from './styles.ts';
import { untilStill } from './until-still.ts';
import { type TypedWishes, wishedFootage } from './wishes.ts';

export interface MontageOptions extends CommonOptions {
  duration?: number;
  format?: Format;
  quality: Quality;
  seed: number;
  set?: Record<string, string>;
  title?: string;
  upscale?: ModelName;
  upscaleScale?: MontageScale;
  upscaleOnCpu?: boolean;
  output?: string;
}

export interface RunOptions extends MontageOptions, TypedWishes {
  footage?: string[];
  music?: string;
}

/** Cuts clips to a song: from the files that a person named to the finished ones. */
export async function run(style: string, options: RunOptions): Promise<void> {
  // All that can be wrong with the words is said before anything is started.
  if (!options.footage) throw new WrongUse('The clips are missing; name them, or folders of them, with --footage');
  if (!options.music) throw new WrongUse('The song is missing; name it with --music');
  if (!options.server) await checkStyle(style, options);
  const output = await outputPlace(options.output);
  const all = await namedFootage(options.footage, { data: dataFolder(options), output: output.named });
  const { footage: named, wishes } = wishedFootage(options, all);
  const music = await checkMusic(options.music);
  const order = orderOf(style, options);
  checkOrder({ ...order, clips: clipsOf(named) });
  if (!options.quiet)
    for (const line of leftOutLines(named)) process.stderr.write(`${colours(process.stderr).yellow(line)}\n`);
  // Half a gigabyte that nobody else needs; a server sees to its own.
  if (order.upscale && !options.server) {
    ensureInstalled({ tests: false, place: upscaling });
    // Rendered small it would be before `upscale` could say so.
    if (!order.upscale.onCpu && (await lookForAGpu()) !== GPU_LOOKED_FOR.gpu)
      throw new Refusal(
        'This computer has no GPU that Vulkan, Metal or Direct3D knows, which --upscale needs: add --upscale-on-cpu, which takes seconds for each frame (`npm run montage -- devices` says how many), or leave it out',
      );
  }
  await using session = await openSession(options, { works: true });
  // What is linked can be named by where it lies; what is uploaded lies among others', and is looked for by its content.
  if (!session.folder) for (const path of [...named.clips.map((clip) => clip.path), music]) await untilStill(path);
  const owner = await session.owner();
  const { footageSet, keys, musicKey } = session.folder
    ? await link(session, owner, named, music)
    : {
        ...(await sendFootage(session.client, owner, named)),
        musicKey: await sendSong(session.client, owner, music),
      };
  const keyOf = (name: string) => keys.get(name) ?? `${footageSet}/${name}`;
  for (const [name] of wishes) {
    const twin = [...keys].find(([other, key]) => other !== name && key === keyOf(name))?.[0];
    if (twin)
      throw new WrongUse(
        `${name} and ${twin} are the same clip: name one of them, so that it is clear what is wished of it`,
      );
  }
  const request = {
    ...order,
    footageSet,
    clips: [...new Set(keys.values())],
    wishes: Object.fromEntries([...wishes].map(([name, wish]) => [keyOf(name), wish])),
    music: musicKey,
  };
  const asked = await ask(session.client, request, await versionsOf([...named.clips.map(({ path }) => path), music]));
  const done = await follow(session, asked, options);
  const paths = new Map([...named.clips.map(({ name, path }) => [keyOf(name), path] as const), [musicKey, music]]);
  await fetchOutputs(session.client, done, await output.choose(style), paths, options);
}

/** Links clips and song into a data folder of this machine, named by where they lie: the same paths are the same set and song. */
async function link(
  session: Session,
  owner: Owner | null,
  { footageSet: name, clips }: NamedFootage,
  music: string,
): Promise<SentFootage & { musicKey: string }> {
  const footageSet = `${ownSets(owner)}${name}`;
  const keys = new Map(clips.map((clip) => [clip.name, `${footageSet}/${clip.name}`]));
  for (const clip of clips) await bringIn(session, 'input', `${footageSet}/${clip.name}`, clip.path);
  const place = createHash('sha256').update(music).digest('hex').slice(0, 8);
  const musicKey = `${ownSongs(owner)}${place}/${basename(music)}`;
  await bringIn(session, 'music', musicKey, music);
  return { footageSet, keys, musicKey };
}

/** What was typed of a montage, as a request has it. */
export const orderOf = (style: string, options: MontageOptions) => {
  const { set, quality, seed, duration, format, title } = options;
  return {
    style,
    set: set ?? {},
    quality,
    seed,
    ...upscaleOf(options),
    ...(duration ? { durationSeconds: duration } : {}),
    ...(format ? { format } : {}),
    ...(title ? { title } : {}),
  };
};

/** Any word about how it is to be upscaled has it upscaled. */
function upscaleOf({ upscale: model, upscaleScale: scale, upscaleOnCpu: onCpu }: MontageOptions) {
  if (!model && !scale && !onCpu) return {};
  return {
    upscale: UpscaleSchema.parse({ ...(model && { model }), ...(scale && { scale }), ...(onCpu && { onCpu }) }),
  };
}

/** The clips' keys. */
function clipsOf({ footageSet, clips }: NamedFootage): string[] {
  return clips.map(({ name }) => `${footageSet}/${name}`);
}

/** What the server would refuse in words of its own. */
function checkOrder(order: unknown): void {
  const { error } = OrderSchema.safeParse(order);
  const [wrong] = error?.issues ?? [];
  if (!wrong) return;
  if (wrong.code === 'too_big' && wrong.origin === 'array')
    throw new WrongUse(`There are more than ${wrong.maximum} clips, which is the most; name fewer with --footage`);
  if (wrong.path[0] === 'clips')
    throw new WrongUse('A clip lies too deep in its folder; name a folder nearer to it with --footage');
  throw new WrongUse(`The ${String(wrong.path[0])} that was named can't be used; --help says what can`);
}

/**
 * The job of a request: the one that is still open from a run that was broken off, else a new one, which finds all that was
 * made before in the cache.
 */
async function ask(
  client: Client,
  request: Parameters<Client['createJob']>[0],
  versions: string[],
): Promise<JobStatus> {
  const identity = createHash('sha256')
    .update(JSON.stringify([request, versions]))
    .digest('hex');
  for (let turn = 1; ; turn += 1) {
    const job = await client.createJob(request, `${identity}-${turn}`);
    if (!hasEnded(job)) return job;
  }
}

/** What tells a file from what it was before somebody changed it. */
async function versionsOf(paths: string[]): Promise<string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${size} ${mtimeMs}`;
    }),
  );
}

async function checkStyle(style: string, options: MontageOptions): Promise<void> {
  const own = await stylesOfStore(options);
  try {
    resolveStyle(style, own, options.set ?? {});
  } catch (error) {
    throw error instanceof Refusal ? new WrongUse(error.message) : error;
  }
}

async function checkMusic(named: string): Promise<string> {
  const path = resolve(named);
  const found = await stat(path).catch(() => null);
  if (!found) throw new WrongUse(`There is no file ${named}; check the name given to --music`);
  if (!found.isFile()) throw new WrongUse(`${named} is a folder; name one song with --music`);
  const known: readonly string[] = [...MUSIC_EXTENSIONS, ...VIDEO_EXTENSIONS];
  if (!known.includes(extname(path).slice(1).toLowerCase())) {
    throw new WrongUse(
      `${named} is not named like a song (${MUSIC_EXTENSIONS.slice(0, 5).join(', ')} …); name one with --music`,
    );
  }
  return path;
}
