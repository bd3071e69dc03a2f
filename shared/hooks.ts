import { z } from 'zod';
import { FailureSchema } from './job.ts';
import { type Bucket, recognise } from './keys.ts';
import { OwnerSchema } from './owner.ts';

/** What becomes of a job that somebody can be told of. */
export const HOOK_STATES = ['completed', 'failed', 'cancelled'] as const;
const HookStateSchema = z.enum(HOOK_STATES);
export type HookState = z.infer<typeof HookStateSchema>;

/** What an event of each state is called; the same as the object's own. */
export const HOOK_EVENT = {
  completed: 'ai.montage.job.completed',
  failed: 'ai.montage.job.failed',
  cancelled: 'ai.montage.job.cancelled',
} as const satisfies Record<HookState, string>;
export const HOOK_TESTED = 'ai.montage.hook.tested';
export const HOOK_REMINDED = 'ai.montage.hook.reminded';

/** What became of a revision of a job. */
export interface JobEnd {
  job: string;
  revision: number;
  state: HookState;
}

/** What became of a job, as an object of that name says; null where it says nothing of the kind. */
export function jobEndIn({ bucket, key }: { bucket: Bucket; key: string }): JobEnd | null {
  const { kind, fields } = recognise(bucket, key) ?? {};
  const state = HOOK_STATES.find((each) => HOOK_EVENT[each] === kind?.type);
  return state && fields?.job ? { job: fields.job, revision: Number(fields.revision), state } : null;
}

const LEAST_SECRET_BYTES = 24;
const MOST_SECRET_BYTES = 64;

/** Whether base64 with its padding stands for as many bytes as a secret has. */
function isSecretLong(secret: string): boolean {
  const digits = secret.replace(/^whsec_/, '').replace(/=+$/, '');
  const bytes = Math.floor((digits.length * 3) / 4);
  return bytes >= LEAST_SECRET_BYTES && bytes <= MOST_SECRET_BYTES;
}

/** As Standard Webhooks has it: https://github.com/standard-webhooks/standard-webhooks, "Signature scheme". */
const SecretSchema = z
  .string()
  .regex(
    /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'a secret is written like whsec_ and base64',
  )
  .refine(isSecretLong, `a secret has ${LEAST_SECRET_BYTES} to ${MOST_SECRET_BYTES} bytes`);

const isPlain = (url: string): boolean => {
  const { username, password, hash } = new URL(url);
  return username === '' && password === '' && hash === '';
};

const HookUrlSchema = z
  .url({ protocol: /^https?$/, error: 'an address is written like https://example.com/montage' })
  .max(2048)
  .refine(
    (url) => !URL.canParse(url) || isPlain(url),
    'an address holds no name, password or "#": the signature says who calls',
  );

/** Body of `POST /v1/hooks`. */
export const NewHookSchema = z.strictObject({
  url: HookUrlSchema,
  /** What calls are signed with; without it one is made. */
  secret: SecretSchema.optional(),
  states: z.array(HookStateSchema).min(1).max(HOOK_STATES.length).default(['completed', 'failed']),
});
export type NewHook = z.infer<typeof NewHookSchema>;

/** `_hooks/subscribed/<id>.json`: who is told of jobs, from when it was made. */
export const HookSchema = z.object({
  id: z.string(),
  /** Whose jobs it is told of; null: everybody's. */
  owner: OwnerSchema.nullable().default(null),
  url: HookUrlSchema,
  secret: SecretSchema,
  states: z.array(HookStateSchema),
  createdAt: z.iso.datetime(),
});
export type Hook = z.infer<typeof HookSchema>;

/** As it is shown when it is made. */
export const MadeHookSchema = HookSchema.omit({ owner: true });
export type MadeHook = z.infer<typeof MadeHookSchema>;

/** As it is shown after that. */
export const ShownHookSchema = MadeHookSchema.omit({ secret: true });
export type ShownHook = z.infer<typeof ShownHookSchema>;

/** One try to tell somebody of an event. */
const AttemptSchema = z.object({
  at: z.iso.datetime(),
  milliseconds: z.number().int().nonnegative(),
  /** What was answered; null where nothing was. */
  status: z.number().int().nullable(),
  /** Why it didn't count, as a sentence; null when it did. */
  reason: z.string().nullable(),
});
export type Attempt = z.infer<typeof AttemptSchema>;

/** `_hooks/deliveries/<hook>/<event>.json`: what came of telling one hook of one event. */
export const DeliverySchema = z.object({
  /** Id of the event: the call's `webhook-id`. */
  event: z.string(),
  type: z.string(),
  /** null for a test. */
  job: z.string().nullable(),
  revision: z.number().int().positive().nullable(),
  /** Nothing more is done about what is `delivered` or `given up`. */
  state: z.enum(['sending', 'waiting', 'delivered', 'given up']),
  /** While sending: until when whoever sends it is thought alive. While waiting: when it is tried again. Else null. */
  until: z.iso.datetime().nullable(),
  attempts: z.array(AttemptSchema),
});
export type Delivery = z.infer<typeof DeliverySchema>;

/** Whether nothing more will be done about it. */
export const isClosed = ({ state }: Pick<Delivery, 'state'>): boolean => state === 'delivered' || state === 'given up';

/** `_hooks/reminders/<event>.json`: the object in `jobs` that some hook has still to be told of. */
export const ReminderSchema = z.object({ key: z.string(), at: z.iso.datetime() });
export type Reminder = z.infer<typeof ReminderSchema>;

/** What a call says of a job. */
const JobOutcomeSchema = z.object({
  job: z.string(),
  revision: z.number().int().positive(),
  state: HookStateSchema,
  footageSet: z.string().nullable(),
  title: z.string().nullable(),
  /** Of a job that failed: at which stage, and why in a sentence. */
  failure: FailureSchema.nullable(),
  /** Of a job that is completed: its files, and where they are to be had where Montage knows its own address. */
  outputs: z.array(z.object({ file: z.string(), bytes: z.number().int().nonnegative(), url: z.url().nullable() })),
});
export type JobOutcome = z.infer<typeof JobOutcomeSchema>;

/** Body of a call: a CloudEvent 1.0 in JSON, structured mode. */
export const HookEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.enum([...Object.values(HOOK_EVENT), HOOK_TESTED]),
  subject: z.string(),
  time: z.iso.datetime(),
  job: z.string().optional(),
  datacontenttype: z.literal('application/json'),
  /** Of a test: which hook is tested. */
  data: z.union([JobOutcomeSchema, z.object({ hook: z.string() })]),
});
export type HookEvent = z.infer<typeof HookEventSchema>;
