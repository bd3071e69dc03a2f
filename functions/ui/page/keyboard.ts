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
  | 'open cut'
  | 'close cut'
  | 'swap 1'
  | 'swap 2'
  | 'swap 3'
  | 'swap 4'
  | 'lock'
  | 'take out'
  | 'beat earlier'
  | 'beat later'
  | 'frame earlier'
  | 'frame later'
  | 'slip back'
  | 'slip on'
  | 'part from here'
  | 'part to here'
  | 'must be seen'
  | 'leave out'
  | 'undo'
  | 'redo'
  | 'before'
  | 'history'
  | 'keys';

/** Every key and what it does, as the list under `?` shows them. `Ctrl` is the command key where there is one. */
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
  { keys: ['Enter'], action: 'open cut' },
  { keys: ['Escape'], action: 'close cut' },
  { keys: ['1'], action: 'swap 1' },
  { keys: ['2'], action: 'swap 2' },
  { keys: ['3'], action: 'swap 3' },
  { keys: ['4'], action: 'swap 4' },
  { keys: ['s'], action: 'lock' },
  { keys: ['Delete', 'Backspace'], action: 'take out' },
  { keys: ['Shift+ArrowLeft'], action: 'beat earlier' },
  { keys: ['Shift+ArrowRight'], action: 'beat later' },
  { keys: ['q'], action: 'frame earlier' },
  { keys: ['w'], action: 'frame later' },
  { keys: [','], action: 'slip back' },
  { keys: ['.'], action: 'slip on' },
  { keys: ['i'], action: 'part from here' },
  { keys: ['o'], action: 'part to here' },
  { keys: ['u'], action: 'must be seen' },
  { keys: ['x'], action: 'leave out' },
  { keys: ['Ctrl+z'], action: 'undo' },
  { keys: ['Ctrl+Shift+z'], action: 'redo' },
  { keys: ['b'], action: 'before' },
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
  readonly shiftKey: boolean;
}

/** What a key press asks of the page; null when it is for the field or button that has the focus, or for the browser. */
export function actionOf(press: Press, focus: Focus): Action | null {
  if (press.altKey || focus === 'text') return null;
  const pressed = nameOf(press);
  if (focus !== 'elsewhere' && (pressed === ' ' || pressed === 'Enter')) return null;
  if (focus === 'choice' && (pressed.includes('Arrow') || pressed === 'Home' || pressed === 'End')) return null;
  return KEYS.find(({ keys }) => keys.includes(pressed))?.action ?? null;
}

/** A press as the list has it: a letter is the same in both cases, and what needs Shift to be typed is named by itself. */
function nameOf({ key, ctrlKey, metaKey, shiftKey }: Press): string {
  const isLetter = key.length === 1;
  const isControl = ctrlKey || metaKey;
  const shift = shiftKey && (isControl || !isLetter) ? 'Shift+' : '';
  return `${isControl ? 'Ctrl+' : ''}${shift}${isLetter ? key.toLowerCase() : key}`;
}
