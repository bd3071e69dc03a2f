import { effect, signal } from '@preact/signals';
import { freshIdentity } from '../fresh-identity.ts';
import { clipsWanted, songWanted } from '../gather/gathered.ts';
import { setName } from '../gather/library.ts';
import { isUnderWay } from '../gather/upload-queue.ts';
import { keepName } from '../gather/uploading.ts';
import { wishes, wishesAsked } from '../gather/wishes.ts';
import { jobShown, show } from '../make/address.ts';
import { remember, remembered } from '../remembered.ts';
import { client, isAway, sentence } from '../server.ts';
import { setAtServer } from '../sign-in/own-names.ts';
import { words } from '../words/language.ts';
import { type Choices, requestOf, USUAL } from './order.ts';
import { taken, takenUp } from './ordered.ts';
import { orderedShown } from './ordered-shown.ts';

/** What is chosen for the next montage. */
export const choices = signal<Choices>({ ...USUAL, style: remembered('style') ?? USUAL.style });

/** Chooses something. Another style is taken as it is. */
export function choose(change: Partial<Choices>): void {
  const isOther = change.style !== undefined && change.style !== choices.value.style;
  choices.value = { ...choices.value, ...(isOther && { set: {} }), ...change };
  if (change.style !== undefined) remember('style', change.style);
}

/** What was chosen for a new montage, while one that was made is looked at. */
let set: Choices | null = null;
/** What the fields were last set to for a job, or, as long as that isn't known, stood as when it came up. */
let shown: { job: string; as: Choices; isKnown: boolean } | null = null;

// The fields show how the montage was ordered that is looked at, so that what is chosen there is another way from it.
effect(() => {
  const [job, as] = [jobShown.value, orderedShown.value];
  if (job === null) {
    if (set) choices.value = set;
    [set, shown] = [null, null];
    return;
  }
  const now = choices.peek();
  set ??= now;
  if (shown?.job !== job) shown = { job, as: now, isKnown: false };
  if (!as) return;
  choices.value = shown.isKnown ? taken(now, shown.as, as) : takenUp(now, shown.as, as);
  shown = { job, as, isKnown: true };
});

/** A montage that was asked for: it waits for files that are being sent, then it is asked of the server. */
type Creation =
  | { state: 'none' }
  | { state: 'sending'; files: number; identity: string }
  | { state: 'asking' }
  | { state: 'failed'; sentence: string };
/** The one that was asked for last. */
export const creation = signal<Creation>({ state: 'none' });

/** Asks for a montage of what is there and on its way. */
export function create(): void {
  creation.value = { state: 'sending', files: Number.POSITIVE_INFINITY, identity: freshIdentity() };
  keepName();
}

/** Takes it back, as long as it waits. */
export function dontCreate(): void {
  creation.value = { state: 'none' };
}

effect(() => {
  const { value } = creation;
  if (value.state !== 'sending') return;
  const uploads = [...clipsWanted.value, ...(songWanted.value ? [songWanted.value] : [])].flatMap(
    ({ upload, stored }) => (upload && !stored ? [upload] : []),
  );
  const failed = uploads.find(({ state }) => state === 'failed');
  const files = uploads.filter(isUnderWay).length;
  if (failed) creation.value = { state: 'failed', sentence: words.value.couldNotSend(failed.path) };
  else if (files === 0) void ask(value.identity);
  else if (files !== value.files) creation.value = { ...value, files };
});

const ASK_AGAIN_MS = 1500;
const TRIES = 4;

async function ask(identity: string): Promise<void> {
  creation.value = { state: 'asking' };
  const keys = clipsWanted.value.flatMap(({ key }) => key ?? []);
  const wanted = wishesAsked(clipsWanted.value, wishes.value);
  const song = songWanted.value?.key ?? null;
  const chosen = choices.value;
  const request = requestOf(chosen, await setAtServer(setName.value), keys, song, wanted);
  // The same identity makes the same montage, so an answer that was lost on its way can be asked for again.
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { id } = await client.createJob(request, identity);
      creation.value = { state: 'none' };
      show(id);
      // Keys are the player's from here on, and a phone shows what is going on.
      document.getElementById('stage')?.focus();
      return;
    } catch (error) {
      if (!isAway(error) || attempt === TRIES) {
        creation.value = { state: 'failed', sentence: sentence(error) };
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * ASK_AGAIN_MS));
    }
  }
}
