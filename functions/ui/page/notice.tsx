import { said } from './said.ts';
import './notice.css';

/** What the page has just said. It is always there, so that screen readers listen to it. */
export function Notice() {
  const now = said.value;
  return (
    <div class="notice" role="status">
      {now && (
        <div class="notice-inside">
          <p>{now.text}</p>
          {now.action && (
            <button type="button" class="plain" onClick={now.action.run}>
              {now.action.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
