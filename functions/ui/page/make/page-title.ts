import { effect } from '@preact/signals';
import { words } from '../words/language.ts';
import { watched } from './watching.ts';

/** Has the window's title say how the montage stands, for whoever is in another one meanwhile. */
export const sayTitle = () =>
  effect(() => {
    const status = watched.value?.status;
    document.title = status ? `${words.value.states[status.state]} · ${status.footageSet} · Montage` : 'Montage';
  });
