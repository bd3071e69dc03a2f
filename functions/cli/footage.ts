import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { VIDEO_EXTENSIONS } from '../../shared/keys.ts';
import { WrongUse } from './exit.ts';

export interface NamedClip {
  /** Absolute path on this machine. */
  path: string;
  /** What the clip is called in the set: unique, with `/` between folders. */
  name: string;
}

export interface NamedFootage {
  /** Another one for other paths. */
  footageSet: string;
  /** What a person would call it. */
  title: string;
  clips: NamedClip[];
  /** What lay there but is Montage's own, for a person. */
  leftOut: string[];
  /** How many photos lay there. */
  photos: number;
}

/** Where on this machine Montage's own files lie, which are no footage. */
interface OwnPlaces {
  /** The data folder. */
  data: string;
  /** The file that was named for the finished video. */
  output: string | null;
}

const extensions: ReadonlySet<string> = new Set(VIDEO_EXTENSIONS);
const SOME_VIDEOS = VIDEO_EXTENSIONS.slice(0, 5).join(', ');
const PHOTO = /\.(?:jpe?g|png|hei[cf]|webp|avif|gif|bmp|tiff?|dng)$/i;
const SHOWN = 3;

export function isVideoName(name: string): boolean {
  return extensions.has(extname(name).slice(1).toLowerCase());
}

/**
 * The clips that a person named, by file or by folder (searched to its depths, hidden files left out), as one set whose name
 * depends only on what was named. Two clips of the same name get a number. What Montage made itself is left out.
 *
 * @throws {WrongUse} for a path that isn't there, and for a folder or list without clips.
 */
export async function namedFootage(paths: readonly string[], own: OwnPlaces): Promise<NamedFootage> {
  const clips: NamedClip[] = [];
  const taken = new Set<string>();
  const add = (path: string, name: string) => {
    let free = name;
    for (let n = 2; taken.has(free); n += 1) free = `${n}/${name}`;
    taken.add(free);
    clips.push({ path, name: free });
  };
  const search = new Search(await identityOf(own.data), await identityOf(own.output));
  for (const named of paths) {
    const path = resolve(named);
    const found = await stat(path).catch(() => null);
    if (!found) throw new WrongUse(`There is no file or folder ${named}; check the name given to --footage`);
    if (!found.isDirectory()) {
      if (!isVideoName(path))
        throw new WrongUse(`${named} is not named like a video (${SOME_VIDEOS} …); name clips or a folder of them`);
      if (await search.isMontage(path)) search.leftOut.push(named);
      else if (await search.isOutput(path))
        throw new WrongUse(`${named} is named as a clip and as the output; choose another place with -o`);
      else add(path, basename(path));
      continue;
    }
    if (await search.isData(path))
      throw new WrongUse(
        `${named} is where Montage keeps its own data; name a folder of clips, or another with --data`,
      );
    const before = search.leftOut.length;
    const inside = await search.videosIn(path, named);
    if (inside.length === 0)
      throw new WrongUse(
        `The folder ${named} holds no clips${search.leftOut.length > before ? ' but what Montage made' : ''}; put videos (${SOME_VIDEOS} …) into it or name another`,
      );
    for (const clip of inside) add(clip, relative(path, clip).split(sep).join('/'));
  }
  if (clips.length === 0)
    throw new WrongUse('All clips that were named are montages of ours; name your own with --footage');
  const roots = paths.map((path) => resolve(path));
  const digest = createHash('sha256').update(JSON.stringify(roots)).digest('hex').slice(0, 8);
  const title = titleOf(roots);
  return { footageSet: `${title}-${digest}`, title, clips, leftOut: search.leftOut, photos: search.photos };
}

/** After the folder or the clip that was named; the first of several. */
function titleOf([first = '']: readonly string[]): string {
  const readable = basename(first, isVideoName(first) ? extname(first) : '')
    .replaceAll('.', '-')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .slice(0, 60)
    .trim();
  return readable || 'clips';
}

/** What was left out of the footage, in a line each; a person who named a folder may not know what lies in it. */
export function leftOutLines({ leftOut, photos }: NamedFootage): string[] {
  const more = leftOut.length > SHOWN ? ` and ${leftOut.length - SHOWN} more` : '';
  return [
    ...(leftOut.length > 0
      ? [`Left out of the footage what Montage made or will write: ${leftOut.slice(0, SHOWN).join(', ')}${more}`]
      : []),
    ...(photos > 0
      ? [`Left out ${photos} ${photos === 1 ? 'photo' : 'photos'}: a montage is cut from videos only`]
      : []),
  ];
}

/** One look through what a person named, and what it came across. */
class Search {
  /** What is ours, as a person sees it; folders end with a slash. */
  readonly leftOut: string[] = [];
  photos = 0;
  readonly #data: string | null;
  readonly #output: string | null;

  constructor(data: string | null, output: string | null) {
    this.#data = data;
    this.#output = output;
  }

  async isData(folder: string): Promise<boolean> {
    return this.#data !== null && (await identityOf(folder)) === this.#data;
  }

  async isOutput(file: string): Promise<boolean> {
    return this.#output !== null && (await identityOf(file)) === this.#output;
  }

  /** A video that Montage made has its timeline and its report beside it. */
  async isMontage(file: string): Promise<boolean> {
    const stem = file.slice(0, -extname(file).length);
    const there = (path: string) =>
      stat(path).then(
        () => true,
        () => false,
      );
    return (
      (await there(`${stem}.otio`)) &&
      ((await there(`${stem}.report.json`)) || (await there(join(dirname(file), 'report.json'))))
    );
  }

  async videosIn(folder: string, named: string, root = folder): Promise<string[]> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw new WrongUse(`The folder ${named} can't be read (${error.code}); allow it or name another`);
    });
    const found: string[] = [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      const target = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
      if (entry.isDirectory()) {
        if (await this.isData(path)) this.leftOut.push(`${relative(root, path)}${sep}`);
        else found.push(...(await this.videosIn(path, named, root)));
      } else if (!target?.isFile()) {
        // A link to a folder could lead around in circles.
      } else if (PHOTO.test(entry.name)) this.photos += 1;
      else if (!isVideoName(entry.name)) {
        // Songs, notes, project files: nobody expects them in the picture.
      } else if ((await this.isOutput(path)) || (await this.isMontage(path))) this.leftOut.push(relative(root, path));
      else found.push(path);
    }
    return found;
  }
}

/** What tells a file or folder from all others however it is named, or null where there is none. */
async function identityOf(path: string | null): Promise<string | null> {
  const found = path === null ? null : await stat(path, { bigint: true }).catch(() => null);
  return found && `${found.dev} ${found.ino}`;
}
