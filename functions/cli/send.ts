import { basename } from 'node:path';
import { type Client, Refused } from '../../shared/api/client.ts';
import { numbered } from '../../shared/numbered.ts';
import { type Owner, ownSets, ownSongs } from '../../shared/owner.ts';
import { contentOfFile, type FileContent } from './file-content.ts';
import type { NamedClip, NamedFootage } from './footage.ts';
import { upload } from './upload.ts';

/** Clips as a server elsewhere has them. */
export interface SentFootage {
  footageSet: string;
  /** By what the clips were called here. Those of the same content are one there. */
  keys: Map<string, string>;
}

/** Folders of a set's name that hold something else: own styles and looks, and what is only looked at. */
const NO_SETS = /^(?:styles|luts|analyze-[0-9a-f]{8})$/i;

/** Has a server elsewhere have a song, under the name that a person knows it by; the one it has already, where it has that. Returns its key. */
export async function sendSong(client: Client, owner: Owner | null, path: string): Promise<string> {
  const content = await contentOfFile(path);
  const find = () => found(client, content);
  return sendNamed({ client, bucket: 'music', name: `${ownSongs(owner)}${basename(path)}`, path, find });
}

/**
 * Has a server elsewhere have clips, in a set that is named as a person would. Where there is a set of that name of which half or more
 * are among them, the others join it; any other is of other footage, and leaves the next number. What is there isn't sent.
 */
export async function sendFootage(client: Client, owner: Owner | null, footage: NamedFootage): Promise<SentFootage> {
  const clips: (NamedClip & FileContent)[] = [];
  for (const clip of footage.clips) clips.push({ ...clip, ...(await contentOfFile(clip.path)) });
  const title = NO_SETS.test(footage.title) ? `${footage.title} clips` : footage.title;
  const footageSet = await setFor(client, `${ownSets(owner)}${title}`, clips);
  const keys = new Map<string, string>();
  const sent = new Map<string, string>();
  for (const { name, path, ...content } of clips) {
    const [whole] = content.etags;
    const find = () => found(client, content, footageSet);
    const key =
      sent.get(whole) ?? (await sendNamed({ client, bucket: 'input', name: `${footageSet}/${name}`, path, find }));
    sent.set(whole, key);
    keys.set(name, key);
  }
  return { footageSet, keys };
}

async function setFor(client: Client, name: string, clips: readonly FileContent[]): Promise<string> {
  for (let number = 1; ; number += 1) {
    const set = numbered(name, number);
    const sizes = await sizesIn(client, set);
    if (sizes.length === 0) return set;
    const same = new Set<string>();
    for (const clip of clips) {
      const key = sizes.includes(clip.bytes) ? await found(client, clip, set) : null;
      if (key !== null) same.add(key);
    }
    if (same.size * 2 >= sizes.length) return set;
  }
}

/** How large the clips of a set are; none where there is no such set. */
async function sizesIn(client: Client, set: string): Promise<number[]> {
  const sizes: number[] = [];
  let after: string | undefined;
  try {
    do {
      const query = { limit: 1000, ...(after === undefined ? {} : { after }) };
      const { clips, next } = (await client.call('listClips', { parameters: { set }, query })).body;
      sizes.push(...clips.map(({ bytes }) => bytes));
      after = next ?? undefined;
    } while (after !== undefined);
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404)) throw error;
  }
  return sizes;
}

/** The clip of a set, or without one the song, that is this very file; null where there is none. */
async function found(client: Client, { bytes, content, etags }: FileContent, set?: string): Promise<string | null> {
  // By its content alone, another one that is the same only where that is looked for would be taken in its place.
  const query = { bytes, etags: etags.join(','), ...(set === undefined ? {} : { set }) };
  return (await client.call('findContent', { parameters: { content }, query })).body.key;
}

interface Named {
  client: Client;
  bucket: 'input' | 'music';
  name: string;
  path: string;
  /** The key of the same content, where that is there. */
  find: () => Promise<string | null>;
}

async function sendNamed({ client, bucket, name, path, find }: Named): Promise<string> {
  for (let number = 1; ; number += 1) {
    // Each time: what took the name may have been the same, sent by somebody else or by a run that was broken off.
    const there = await find();
    if (there !== null) return there;
    const key = numbered(name, number);
    if (await upload(client, bucket, key, path)) return key;
  }
}
