import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { VIDEO_EXTENSIONS } from '../../shared/keys.ts';
import { Refusal } from '../../shared/refusal.ts';
import { md5OfFile } from '../../storage/folder-etags.ts';
import { WrongUse } from './exit.ts';

export interface NamedClip {
  /** Absolute path on this machine. */
  path: string;
  /** What the clip is called in the set: unique, with `/` between folders. */
  name: string;
}

export interface NamedFootage {
  footageSet: string;
  clips: NamedClip[];
}

const extensions: ReadonlySet<string> = new Set(VIDEO_EXTENSIONS);

export function isVideoName(name: string): boolean {
  return extensions.has(extname(name).slice(1).toLowerCase());
}

/**
 * The clips that a person named, by file or by folder (searched to its depths, hidden files left out), as one set whose name
 * depends only on what was named. Two clips of the same name get a number.
 *
 * @throws {WrongUse} for a path that isn't there, {Refusal} for a folder or list without clips.
 */
export async function namedFootage(paths: readonly string[]): Promise<NamedFootage> {
  const clips: NamedClip[] = [];
  const taken = new Set<string>();
  const add = (path: string, name: string) => {
    let free = name;
    for (let n = 2; taken.has(free); n += 1) free = `${n}/${name}`;
    taken.add(free);
    clips.push({ path, name: free });
  };
  for (const named of paths) {
    const path = resolve(named);
    const found = await stat(path).catch(() => null);
    if (!found) throw new WrongUse(`There is no file or folder ${named}; check the name given to --footage`);
    if (!found.isDirectory()) {
      if (!isVideoName(path))
        throw new WrongUse(
          `${named} is not named like a video (${VIDEO_EXTENSIONS.slice(0, 5).join(', ')} …); name clips or a folder of them`,
        );
      add(path, basename(path));
      continue;
    }
    const inside = await videosIn(path, named);
    if (inside.length === 0)
      throw new Refusal(
        `The folder ${named} holds no clips; put videos (${VIDEO_EXTENSIONS.slice(0, 5).join(', ')} …) into it or name another`,
      );
    for (const clip of inside) add(clip, relative(path, clip).split(sep).join('/'));
  }
  const roots = paths.map((path) => resolve(path));
  const digest = createHash('sha256').update(JSON.stringify(roots)).digest('hex').slice(0, 8);
  const readable = basename(roots[0] ?? '')
    .replace(/\.[^.]+$/, '')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .slice(0, 60);
  return { footageSet: `${readable || 'clips'}-${digest}`, clips };
}

/**
 * The same clips as a set whose name depends on their content: where sets of several people lie side by side, the same path
 * on two machines, or the same path before and after an edit, is not the same footage.
 */
export async function namedByContent({ footageSet, clips }: NamedFootage): Promise<NamedFootage> {
  const digest = createHash('sha256');
  for (const { name, path } of clips) digest.update(JSON.stringify([name, await md5OfFile(path)]));
  return { footageSet: footageSet.replace(/[0-9a-f]{8}$/, digest.digest('hex').slice(0, 16)), clips };
}

async function videosIn(folder: string, named: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`The folder ${named} can't be read (${error.code}); allow it or name another`);
  });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const target = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
    if (entry.isDirectory()) found.push(...(await videosIn(path, named)));
    else if (target?.isFile() && isVideoName(entry.name)) found.push(path);
  }
  return found;
}
