import { computed } from '@preact/signals';
import { comingOf } from '../change/change-queue.ts';
import { making } from '../change/making.ts';
import { styles } from '../gather/library.ts';
import { planned } from '../make/timeline-shown.ts';
import { watched } from '../make/watching.ts';
import { revisions } from '../versions/revision-list.ts';
import type { Choices } from './order.ts';
import { orderedAs } from './ordered.ts';

/** What the montage that is shown was ordered as; null while nothing of it is planned. */
export const orderedShown = computed<Choices | null>(() => {
  const at = planned.value;
  if (!at || at.job !== watched.value?.job) return null;
  const all = [...revisions.value, ...comingOf(making.value.queue)];
  return orderedAs(at.timeline, all, at.revision, styles.value);
});
