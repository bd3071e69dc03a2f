/** What a key asks of the page. */
export type Action =
  | 'play'
  | 'backwards'
  | 'pause'
  | 'forwards'
  | 'frame back'
  | 'frame on'
  | 'cut back'
  | 'cut on'
  | 'start'
  | 'end'
  | 'full screen'
  | 'mute'
  | 'history'
  | 'keys';

/** Every key and what it does, as the list under `?` shows them. */
export const KEYS: readonly { readonly keys: readonly string[]; readonly action: Action }[] = [
  { keys: [' '], action: 'play' },
  { keys: ['j'], action: 'backwards' },
  { keys: ['k'], action: 'pause' },
  { keys: ['l'], action: 'forwards' },
  { keys: ['ArrowLeft'], action: 'frame back' },
  { keys: ['ArrowRight'], action: 'frame on' },
  { keys: ['ArrowUp'], action: 'cut back' },
  { keys: ['ArrowDown'], action: 'cut on' },
  { keys: ['Home'], action: 'start' },
  { keys: ['End'], action: 'end' },
  { keys: ['f'], action: 'full screen' },
  { keys: ['m'], action: 'mute' },
  { keys: ['h'], action: 'history' },
  { keys: ['?'], action: 'keys' },
];

/** Where the focus is, as far as it decides whose key it is. */
export type Focus = 'text' | 'choice' | 'button' | 'elsewhere';

interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key press asks of the page; null when it is for the field or button that has the focus, or for the browser. */
export function actionOf({ key, ctrlKey, metaKey, altKey }: Press, focus: Focus): Action | null {
  if (ctrlKey || metaKey || altKey || focus === 'text') return null;
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  if (focus !== 'elsewhere' && pressed === ' ') return null;
  if (focus === 'choice' && (pressed.startsWith('Arrow') || pressed === 'Home' || pressed === 'End')) return null;
  return KEYS.find(({ keys }) => keys.includes(pressed))?.action ?? null;
}
