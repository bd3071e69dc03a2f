import { z } from 'zod';
import { OrderSchema, SetNameSchema } from './request.ts';

/** What a rule may be: how long a set must be quiet, in minutes, and the montage that is then made of all its clips. */
export const NewRuleSchema = z.strictObject({
  quietMinutes: z
    .number()
    .min(1)
    .max(7 * 24 * 60)
    .default(10),
  order: OrderSchema.omit({ clips: true }).prefault({}),
});

/** `jobs/_rules/<set>.json`: whenever something was added to the set and then nothing for a while, a montage is made of it. */
export const RuleSchema = NewRuleSchema.extend({ set: SetNameSchema, createdAt: z.iso.datetime() });
export type Rule = z.infer<typeof RuleSchema>;
