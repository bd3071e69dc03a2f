import { computed, signal } from '@preact/signals';
import { pagesOf } from '../../../../shared/api/client.ts';
import type { Clip, FootageSet, Song } from '../../../../shared/api/library.ts';
import type { Style } from '../../../../shared/style.ts';
import { client, sentence } from '../server.ts';
import { setAtServer, setHere } from '../sign-in/own-names.ts';
import { kept } from './kept.ts';

/** The sets that the server has, by what people call them. */
export const sets = signal<readonly FootageSet[]>([]);
/** The songs that the server has. */
export const songs = signal<readonly Song[]>([]);
/** All styles, built in and own; none until the server has said. */
export const styles = signal<readonly Style[]>([]);

/** The set that the page is about; empty while it is to be named after what is dropped. */
export const setName = signal('');
/** Whether the set is there, or on its way: then it keeps its name. */
export const setFixed = signal(false);
/** The clips of that set as the server has them. */
export const clips = signal<readonly Clip[]>([]);
/** Why the server's lists can't be had; null while they can. */
export const trouble = signal<string | null>(null);

const PAGE = 1000;
const LOOK_AGAIN_MS = 1500;

/** Whether something is still being looked at or listened to. */
const pending = computed(() => [...clips.value, ...songs.value].some(({ found }) => found.state === 'pending'));

/** All clips of a set. */
export async function clipsOf(set: string): Promise<Clip[]> {
  const parameters = { set: await setAtServer(set) };
  const pages = pagesOf(
    async (after) => (await client.call('listClips', { parameters, query: { limit: PAGE, ...after } })).body,
  );
  return (await Array.fromAsync(pages, ({ clips }) => clips)).flat();
}

/** All songs. */
export async function allSongs(): Promise<Song[]> {
  const pages = pagesOf(async (after) => (await client.call('listSongs', { query: { limit: PAGE, ...after } })).body);
  return (await Array.fromAsync(pages, ({ songs }) => songs)).flat();
}

async function allSets(): Promise<FootageSet[]> {
  const pages = pagesOf(async (after) => (await client.call('listSets', { query: { limit: PAGE, ...after } })).body);
  const found = (await Array.fromAsync(pages, ({ sets }) => sets)).flat();
  return Promise.all(found.map(async (set) => ({ ...set, name: await setHere(set.name) })));
}

let timer: ReturnType<typeof setTimeout> | undefined;
let looking: Promise<void> | null = null;
let again = false;

/** Looks at the set and the songs now, and from then on gently for as long as anything of them is being found. */
export async function look(): Promise<void> {
  clearTimeout(timer);
  if (looking) {
    again = true;
    return looking;
  }
  looking = lookOnce();
  await looking;
  looking = null;
  if (again || pending.value || trouble.value) timer = setTimeout(() => void look(), again ? 0 : LOOK_AGAIN_MS);
  again = false;
}

async function lookOnce(): Promise<void> {
  const set = setName.value;
  try {
    const [heard, seen] = await Promise.all([allSongs(), stored.has(set) ? clipsOf(set) : []]);
    songs.value = kept(songs.value, heard);
    // The set may have been changed while the answer was on its way.
    if (set === setName.value) clips.value = kept(clips.value, seen);
    else again = true;
    trouble.value = null;
  } catch (error) {
    trouble.value = sentence(error);
  }
}

/** Names of the sets that hold at least one clip. */
const stored = new Set<string>();

/** A clip has come to a set: from now on the server knows it. */
export function arrived(set: string): void {
  stored.add(set);
}

/** Whether the server has a set of that name. */
export const isStored = (set: string) => stored.has(set);

/** Resolves when it is known which sets there are. */
export const opened = Promise.withResolvers<void>();

/** Asks for everything that the page begins with. */
export async function open(): Promise<void> {
  try {
    const [answer, known] = await Promise.all([client.styles(), allSets()]);
    styles.value = answer;
    sets.value = known;
    for (const { name } of known) stored.add(name);
    opened.resolve();
  } catch (error) {
    trouble.value = sentence(error);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    return open();
  }
  await look();
}

/** Goes on with a set that is there, or with a new one. */
export async function chooseSet(name: string | null): Promise<void> {
  setName.value = name ?? '';
  setFixed.value = name !== null;
  clips.value = [];
  await look();
}
