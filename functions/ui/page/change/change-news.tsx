import { styleName } from '../choose/style-name.ts';
import { planned } from '../make/timeline-shown.ts';
import { watched } from '../make/watching.ts';
import { words } from '../words/language.ts';
import { doMineAgain, doneLast, leaveTheirs } from './changing.ts';
import { making, refusal } from './making.ts';

/** What a person has to know of a change: why it can't be made, that somebody else was first, that it waits for the network. */
export function ChangeNews() {
  const said = words.value;
  const {
    conflicts: [conflict],
    isAway,
  } = making.value;
  const refused = refusal.value;
  const theirs = planned.value?.revision === watched.value?.status?.revision;
  return (
    <div class="change-news">
      {refused && (
        <p role="alert" lang={refused.lang}>
          {refused.text}
        </p>
      )}
      {isAway && <p role="alert">{said.changesKept}</p>}
      {conflict && (
        <div class="change-conflict" role="alert">
          <p>{said.changedMeanwhile}</p>
          {conflict.changes.length > 0 && (
            <>
              <p class="quiet">{conflict.changes.map((change) => said.changed(change, styleName)).join('; ')}</p>
              <button type="button" class="plain" aria-disabled={!theirs} onClick={() => theirs && doMineAgain()}>
                {said.doMineAgain}
              </button>
            </>
          )}
          <button type="button" class="plain" onClick={leaveTheirs}>
            {said.leaveTheirs}
          </button>
        </div>
      )}
      <p class="unseen" role="status">
        {doneLast.value && inWords()}
      </p>
    </div>
  );
}

function inWords(): string {
  const said = words.value;
  const { value } = doneLast;
  if (value === null) return '';
  if (value === 'undo') return said.undone;
  if (value === 'redo') return said.redone;
  return value === 'back' ? said.wentBack : said.changed(value, styleName);
}
