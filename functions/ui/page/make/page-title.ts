import { effect } from '@preact/signals';
import { nameToRead } from '../sign-in/own-names.ts';
import { hasToSignIn } from '../sign-in/who.ts';
import { words } from '../words/language.ts';
import { watched } from './watching.ts';

/** Has the window's title say how the montage stands, for whoever is in another one meanwhile. */
export const sayTitle = () =>
  effect(() => {
    const status = hasToSignIn.value ? null : watched.value?.status;
    document.title = status
      ? `${words.value.states[status.state]} · ${nameToRead(status.footageSet)} · Montage`
      : 'Montage';
  });
