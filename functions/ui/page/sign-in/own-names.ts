/**
 * Where it comes into names whose something is, and goes out of them: the page knows sets by what people call them, the server by whose
 * they are too.
 */
import { ownName, ownSets, ownSongs } from '../../../../shared/owner.ts';
import { whoIsIn } from './who.ts';

/** What the server calls a set of whoever is signed in. */
export const setAtServer = async (set: string): Promise<string> => ownSets((await whoIsIn()).owner) + set;

/** What it calls a song of theirs. */
export const songAtServer = async (file: string): Promise<string> => ownSongs((await whoIsIn()).owner) + file;

/** What the page calls a set that the server calls so. */
export async function setHere(name: string): Promise<string> {
  const mine = ownSets((await whoIsIn()).owner);
  return name.startsWith(mine) ? name.slice(mine.length) : name;
}

/** A set's or song's name to be read, whoever's it is. */
export const nameToRead = ownName;

/** A sentence of the server's to be read: it names things as the server does. */
export const sentenceToRead = (sentence: string): string => sentence.replace(/\b[0-9a-f]{12}~\/?/g, '');
