import type { Revision } from '../../../../shared/api/revisions.ts';
import type { NewOrder } from '../../../../shared/edits/change.ts';
import { secondsAt } from '../../../../shared/frame-rate.ts';
import { type Format, USUAL_ORDER } from '../../../../shared/request.ts';
import type { Style } from '../../../../shared/style.ts';
import type { Timeline } from '../../../../shared/timeline.ts';
import { clock } from '../clock.ts';
import { type Choices, lengthOf, seedOf } from './order.ts';
import { differences, isSameSet } from './style-fields.ts';

/**
 * What a revision was ordered as, in the terms of the fields: what its timeline shows of it, beside the styles as they are, and what was
 * ordered on the way to it.
 */
export function orderedAs(
  timeline: Timeline,
  revisions: readonly Pick<Revision, 'revision' | 'from' | 'changes'>[],
  revision: number,
  styles: readonly Style[],
): Choices {
  const { style, width, height, quality, title, seed } = timeline;
  const { format, durationSeconds } = orderedOnTheWay(revisions, revision);
  const asItIs = styles.find(({ id }) => id === style.id);
  return {
    style: style.id,
    set: asItIs ? differences(asItIs, style) : {},
    format: format ?? shapeOf(width, height),
    length: durationSeconds === undefined ? shorterThanSong(timeline) : lengthText(durationSeconds),
    quality,
    title,
    seed: seed === USUAL_ORDER.seed ? '' : String(seed),
  };
}

function orderedOnTheWay(
  revisions: readonly Pick<Revision, 'revision' | 'from' | 'changes'>[],
  revision: number,
): Pick<NewOrder, 'format' | 'durationSeconds'> {
  const at = revisions.find((each) => each.revision === revision);
  if (!at || at.from === null) return {};
  const orders = at.changes.flatMap((change) => (change.kind === 'replan' ? [change.order] : []));
  return Object.assign({}, orderedOnTheWay(revisions, at.from), ...orders);
}

/** Its own length, where that isn't the song's. */
function shorterThanSong({ frames, frameRate, music }: Timeline): string {
  const seconds = Math.round(secondsAt(frames, frameRate));
  return music.durationSeconds - seconds > 1 ? clock(seconds) : '';
}

function shapeOf(width: number, height: number): Format {
  if (width === height) return 'square';
  if (Math.abs(width / height - 16 / 9) < 0.01) return 'landscape';
  return Math.abs(height / width - 16 / 9) < 0.01 ? 'vertical' : 'source';
}

const lengthText = (seconds: number) => (Number.isInteger(seconds) ? clock(seconds) : String(seconds));

/**
 * What has to be ordered another way for a montage that was ordered as `was` to be as chosen; null where it is so already, or a field
 * can't be read. What is left to the clips or the song stays as it came out.
 */
export function newOrderOf(choices: Choices, was: Choices): NewOrder | null {
  const [seconds, seed] = [lengthOf(choices), seedOf(choices)];
  if (seconds === 'wrong' || seed === 'wrong') return null;
  const title = choices.title.trim();
  const order: NewOrder = {
    ...(choices.style !== was.style && { style: choices.style }),
    // What was set of the style before would stay so with another one, unless it is said.
    ...((choices.style !== was.style || !isSameSet(choices.set, was.set)) && { set: choices.set }),
    ...(choices.format !== null && choices.format !== was.format && { format: choices.format }),
    ...(seconds !== null && seconds !== lengthOf(was) && { durationSeconds: seconds }),
    ...(choices.quality !== was.quality && { quality: choices.quality }),
    ...(title !== was.title && { title }),
    ...((seed ?? USUAL_ORDER.seed) !== (seedOf(was) ?? USUAL_ORDER.seed) && { seed: seed ?? USUAL_ORDER.seed }),
  };
  return Object.keys(order).length > 0 ? order : null;
}

/** The fields as they stand, with those that a montage is ordered another way in since the fields last showed it. */
export const taken = (choices: Choices, before: Choices, now: Choices): Choices => ({
  ...choices,
  ...changed(before, now),
});

/** The fields of a montage that has come up, with those that a person has set since they stood as `before`, while it was being found out. */
export const takenUp = (choices: Choices, before: Choices, now: Choices): Choices => ({
  ...now,
  ...changed(before, choices),
});

/** What stands another way than before. */
function changed(before: Choices, now: Choices): Partial<Choices> {
  const fields = Object.entries(now).filter(([name, value]) => {
    const field = name as keyof Choices;
    return field === 'set' ? !isSameSet(before.set, now.set) : before[field] !== value;
  });
  return Object.fromEntries(fields);
}
