import { effect, signal } from '@preact/signals';
import { remember, remembered } from './remembered.ts';

/** What the page can look like. */
export const THEMES = ['system', 'light', 'dark'] as const;
/** One of them. */
export type Theme = (typeof THEMES)[number];

const before = remembered('theme');

/** Light, dark, or as the system is. */
export const theme = signal<Theme>(THEMES.find((each) => each === before) ?? 'system');

/** Chooses for good. */
export function wear(chosen: Theme): void {
  theme.value = chosen;
  remember('theme', chosen === 'system' ? null : chosen);
}

/** Keeps the document in the theme chosen. */
export const dress = () =>
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
