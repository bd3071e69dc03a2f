import { computed } from '@preact/signals';
import { isReplanning, replan } from '../change/changing.ts';
import { timelineShown } from '../make/timeline-shown.ts';
import { words } from '../words/language.ts';
import { choices } from './creating.ts';
import { newOrderOf } from './ordered.ts';
import { orderedShown } from './ordered-shown.ts';
import { styleName } from './style-name.ts';

/** What would have to be another way for the montage that is shown to be as chosen; null while it is. */
const wanted = computed(() => (orderedShown.value ? newOrderOf(choices.value, orderedShown.value) : null));

/** Has the montage that is shown be as chosen, all but its locked cuts. */
export function MakeItSo() {
  const said = words.value;
  const order = wanted.value;
  if (!order || isReplanning.value) return null;
  const locked = timelineShown.value?.cuts.filter((cut) => cut.locked).length ?? 0;
  return (
    <div class="make-it-so">
      <button type="button" class="plain" aria-describedby="make-it-so-words" onClick={() => replan(order)}>
        {said.makeItSo}
      </button>
      <p id="make-it-so-words" class="small">
        {said.makeItSoWords(said.ordered(order, styleName), locked)}
      </p>
    </div>
  );
}
