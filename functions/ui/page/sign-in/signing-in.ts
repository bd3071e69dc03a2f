import { computed, effect, signal } from '@preact/signals';
import { Refused } from '../../../../shared/api/client.ts';
import type { Me } from '../../../../shared/api/me.ts';
import { remember, remembered } from '../remembered.ts';
import { say } from '../said.ts';
import { client, sentence } from '../server.ts';
import { takeToken } from './token-in-address.ts';
import { isTurnedAway, letIn } from './turned-away.ts';
import { hasToSignIn, known, nameOfOwner, rememberDoor, who } from './who.ts';

/** Whether somebody comes back from the provider without being let in. */
export const cameBackOut = signal(false);
/** Why a token lets nobody in: it does not, or the sentence of another reason. */
export const tokenTrouble = signal<'wrong' | { readonly sentence: string } | null>(null);

const ASK_AGAIN_MS = 1500;
/** Choices of a person, not of the browser. */
const PERSONAL = ['style', 'who'] as const;

/** Tabs of this browser tell each other when somebody signs in or out. */
const tabs = new BroadcastChannel('montage-signing-in');

/** Whose the page has been since it was opened. */
const whose = signal<string | null>(null);

/** Whether somebody was signed in and is no more. */
export const isSessionOver = computed(() => hasToSignIn.value && whose.value !== null);

/** Finds out who looks at the page and goes on watching that; resolves once a token that came with the address is taken. */
export async function meet(): Promise<void> {
  addEventListener('hashchange', () => void enterByAddress());
  // The browser shows again what was left.
  addEventListener('pageshow', ({ persisted }) => persisted && void askWho());
  tabs.addEventListener('message', () => void askWho());
  effect(() => {
    if (isTurnedAway.value) void askWho();
  });
  await enterByAddress();
  void askWho();
}

async function enterByAddress(): Promise<void> {
  if (location.hash === '#not-signed-in') {
    cameBackOut.value = true;
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  const token = takeToken();
  if (token === null) return;
  // Whoever is signed in stays who they are: a link could be anybody's.
  const me = await client.call('showMe', {}).catch(() => null);
  if (me?.body.user) take(me.body);
  else await enter(token);
}

/** Signs in by a token. */
export async function enter(token: string): Promise<void> {
  tokenTrouble.value = null;
  try {
    take((await client.call('signInByToken', { body: { token } })).body);
  } catch (error) {
    tokenTrouble.value = error instanceof Refused && error.status === 401 ? 'wrong' : { sentence: sentence(error) };
  }
}

/** Forgets who it was here, and where the provider forgets it too, there. */
export async function signOut(): Promise<void> {
  try {
    const { location: elsewhere } = (await client.call('signOut', {})).body;
    forgetChoices();
    if (who.value) who.value = { ...who.value, user: null };
    tabs.postMessage('out');
    location.replace(elsewhere ?? '/');
  } catch (error) {
    say(sentence(error));
  }
}

let asked = 0;

/** Asks until there is an answer, unless it is asked anew or somebody signs in meanwhile. */
async function askWho(): Promise<void> {
  asked += 1;
  const mine = asked;
  while (mine === asked) {
    const me = await client.call('showMe', {}).catch(() => null);
    if (mine !== asked) return;
    if (me) return take(me.body);
    known.resolve();
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

function take(me: Me): void {
  asked += 1;
  rememberDoor(me);
  if (me.user === null) {
    who.value = me;
    known.resolve();
    return;
  }
  const name = nameOfOwner(me.user);
  const before = whose.peek() ?? remembered('who');
  const isAnother = before !== null && before !== name;
  if (isAnother) forgetChoices();
  remember('who', me.signIn ? name : null);
  if (isAnother) {
    tabs.postMessage('in');
    beginAnew();
    return;
  }
  if (me.signIn && !who.peek()?.user) tabs.postMessage('in');
  cameBackOut.value = false;
  whose.value = name;
  who.value = me;
  known.resolve();
  letIn();
}

function forgetChoices(): void {
  for (const name of PERSONAL) remember(name, null);
}

/** Opens the page as if for the first time: nothing of somebody else is left in it. What they were sending goes on when they come back. */
function beginAnew(): void {
  addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), { capture: true });
  // Where it was somebody's before, the address is theirs too.
  if (whose.peek() !== null) location.replace('/');
  else location.reload();
}
