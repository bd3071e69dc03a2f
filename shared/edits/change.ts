import { z } from 'zod';
import { OrderSchema } from '../request.ts';

/** A cut's place in the timeline as it is when the change's turn comes, counted from 0. */
const cut = z.number().int().nonnegative();

/** What of an order may change from one revision to the next: all but what it is made of. What isn't named stays. */
const NewOrderSchema = z.strictObject({
  style: OrderSchema.shape.style.unwrap().optional(),
  set: OrderSchema.shape.set.unwrap().optional(),
  durationSeconds: OrderSchema.shape.durationSeconds,
  format: OrderSchema.shape.format,
  quality: OrderSchema.shape.quality.unwrap().optional(),
  upscale: OrderSchema.shape.upscale,
  seed: OrderSchema.shape.seed.unwrap().optional(),
  title: OrderSchema.shape.title,
});
export type NewOrder = z.infer<typeof NewOrderSchema>;

/** What is to be another way in a timeline. */
export const ChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('swap'),
    cut,
    /** Which of the cut's `alternatives` takes its place, counted from 0. */
    alternative: z.number().int().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('lock'), cut, locked: z.boolean() }),
  /** Its time goes to its neighbours. */
  z.strictObject({ kind: z.literal('remove'), cut }),
  z.strictObject({
    kind: z.literal('move'),
    cut,
    /** How much later it starts; earlier where negative. The cut before it becomes as much longer or shorter. */
    by: z.number().int(),
    unit: z.enum(['beats', 'frames']).default('beats'),
  }),
  z.strictObject({
    kind: z.literal('slip'),
    cut,
    /** How much later in its shot it starts; it stays where it is on the timeline. */
    frames: z.number().int(),
  }),
  /** All but the locked cuts is planned anew, with these fields of the order another way. */
  z.strictObject({ kind: z.literal('replan'), order: NewOrderSchema }),
]);
export type Change = z.infer<typeof ChangeSchema>;

/** A change that can be made on a timeline alone. */
export type CutChange = Exclude<Change, { kind: 'replan' }>;

/** `r<n>/edit.json`: which revision this one starts from, and the changes in turn. None: it is that one again, as undoing asks for. */
export const EditSchema = z.strictObject({
  from: z.number().int().positive(),
  changes: z.array(ChangeSchema).max(100),
});
export type Edit = z.infer<typeof EditSchema>;
