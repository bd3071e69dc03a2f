import { computed } from '@preact/signals';
import { comingOf } from './change-queue.ts';
import { styles } from './library.ts';
import { making } from './making.ts';
import type { Choices } from './order.ts';
import { orderedAs } from './ordered.ts';
import { revisions } from './revision-list.ts';
import { planned } from './timeline-shown.ts';
import { watched } from './watching.ts';

/** What the montage that is shown was ordered as; null while nothing of it is planned. */
export const orderedShown = computed<Choices | null>(() => {
  const at = planned.value;
  if (!at || at.job !== watched.value?.job) return null;
  const all = [...revisions.value, ...comingOf(making.value.queue)];
  return orderedAs(at.timeline, all, at.revision, styles.value);
});
