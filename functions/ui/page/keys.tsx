import { signal } from '@preact/signals';
import { KEYS } from './keyboard.ts';
import { Panel } from './panel.tsx';
import { words } from './words/language.ts';
import './keys.css';

/** Whether the list of keys is shown. */
export const keysOpen = signal(false);

/** Every key of the page and what it does. */
export function Keys() {
  const said = words.value;
  return (
    <Panel open={keysOpen} title={said.keys}>
      <dl class="keys">
        {KEYS.map(({ keys, action }) => (
          <div key={action}>
            <dt>
              {keys.map((key) => (
                <Key key={key} name={key} />
              ))}
            </dt>
            <dd>{said.actions[action]}</dd>
          </div>
        ))}
      </dl>
      <p>
        <a class="quiet small" href="/ops">
          {said.forOperator}
        </a>
      </p>
    </Panel>
  );
}

/** A key, and those that are held with it. */
function Key({ name }: { name: string }) {
  const said = words.value;
  return name.split('+').map((part) => <kbd key={part}>{said.keyNames[part] ?? part.toUpperCase()}</kbd>);
}
