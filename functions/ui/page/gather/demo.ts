import { signal } from '@preact/signals';
import { say } from '../said.ts';
import { client, sentence } from '../server.ts';
import { setHere } from '../sign-in/own-names.ts';
import { clipEntries, songChosen } from './gathered.ts';
import { arrived, chooseSet } from './library.ts';

/** How many of the demo's files are made, and how many there are, while they are waited for. */
export const demoAwaited = signal<{ made: number; of: number } | null>(null);

const ASK_AGAIN_MS = 1000;

/** Shows the demo's clips and song as soon as they are made, unless a person has brought clips of their own by then. */
export async function tryDemo(): Promise<void> {
  try {
    let answer = await client.call('tryDemo', {});
    while (answer.status === 202) {
      demoAwaited.value = answer.body;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      if (clipEntries.value.length > 0) return;
      answer = await client.call('tryDemo', {});
    }
    if (clipEntries.value.length > 0) return;
    const set = await setHere(answer.body.set);
    arrived(set);
    songChosen.value = answer.body.song;
    await chooseSet(set);
    // The button that was pressed is gone: whoever came by keyboard goes on at what it led to.
    if (document.activeElement === document.body) document.getElementById('stage')?.focus();
  } catch (error) {
    say(sentence(error));
  } finally {
    demoAwaited.value = null;
  }
}
