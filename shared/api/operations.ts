import { z } from 'zod';
import { FootageResultSchema, MusicResultSchema } from '../analysis.ts';
import { EditSchema } from '../edits/change.ts';
import { DeliverySchema, MadeHookSchema, NewHookSchema, ShownHookSchema } from '../hooks.ts';
import { StylePreviewSchema } from '../preview.ts';
import { JobRequestSchema, SetNameSchema } from '../request.ts';
import { NewRuleSchema, RuleSchema } from '../rules.ts';
import { MadeShareSchema, NewShareSchema, SharedFileSchema, SharedMontageSchema, ShownShareSchema } from '../shares.ts';
import { JobStatusSchema } from '../status.ts';
import { StyleSchema } from '../style.ts';
import { TimelineSchema } from '../timeline.ts';
import { ClipSchema, FootageSetSchema, SongSchema } from './library.ts';
import { MeSchema } from './me.ts';
import { CleanedSchema, CleanSchema, FunctionsNowSchema, OpsSchema } from './ops.ts';
import { content, PartNumberSchema, PartUploadSchema } from './part-uploads.ts';
import { RevisionSchema, SegmentSchema } from './revisions.ts';

/** What may be asked of Montage by HTTP, one way: everything that the functions, the client and the OpenAPI document need of it. */
export type Operation = Described & (Asking | Changing);

export type Makes = 'montage' | 'change' | 'nothing';

interface Asking {
  readonly method: 'GET';
}
interface Changing {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /**
   * What it has made, which counts towards the share of whoever asks: a montage, or only what is another way in one. Not what is sent:
   * that is looked at once, and takes longer to send. Answered with 202, it is to be asked again, and nothing counts; nor does what
   * is refused. By what is sent, where that tells.
   */
  readonly makes: Makes | ((body: unknown) => Makes);
}

interface Described {
  /** As in OpenAPI: `{name}` is one part of the path. */
  readonly path: string;
  /** The parameter that takes all that is left of the path, with its slashes. */
  readonly rest?: string;
  /** One line for people: of the README's table and the OpenAPI document. */
  readonly means: string;
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Header that names the request: the same name gives the same answer. */
  readonly idempotent?: true;
  /** Whom it is for, where people sign in. Default: whoever has, and then only what is theirs. */
  readonly access?: 'anyone' | 'operator';
  /** Its path or its answer lets in whoever has it: no cache keeps it, and nobody is told where a request came from. */
  readonly confidential?: true;
  /** What comes with each status: JSON of a shape, nothing, a redirect, or events. Everything else is a problem (RFC 9457). */
  readonly answers: Readonly<Record<number, Answer>>;
}
type Answer = z.ZodType | 'nothing' | 'redirect' | 'events';

const job = z.object({ job: z.string().min(1) });
const REVISION = z.coerce.number().int().positive().max(99_999);
const revision = job.extend({ revision: REVISION });
const KEY = z.string().min(1).max(1024);
const media = z.object({ bucket: z.enum(['input', 'music']), key: KEY });
const upload = z.object({ upload: z.string().min(1) });
const hook = z.object({ hook: z.string().regex(/^hook-[0-9a-f]{12}$/, 'a hook is named like hook-0123456789ab') });
const share = job.extend({
  share: z.string().regex(/^share-[0-9a-f]{12}$/, 'a share link is named like share-0123456789ab'),
});
/** Of any shape: what is no token leads nowhere, as one that has expired. */
const token = z.object({ token: z.string().min(1) });
/** Whether a browser is to save what it is sent, rather than to show it. */
const SAVE = z.enum(['true', 'false']).default('false');
/** Parts whose URLs are asked for at once. */
const MOST_URLS = 100;

/** How many of a list are given at once, and where to go on: `next` of the page before, else the first. */
const page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  after: z.string().max(1024).optional(),
});
/** Null on the last page. */
const next = z.string().nullable();

/** The whole API. */
export const API = {
  describeApi: {
    method: 'GET',
    path: '/v1/openapi.json',
    means: 'this API as an OpenAPI 3.1 document',
    access: 'anyone',
    answers: { 200: z.record(z.string(), z.unknown()) },
  },
  showMe: {
    method: 'GET',
    path: '/v1/me',
    means: 'who is asking, and how people sign in here',
    access: 'anyone',
    answers: { 200: MeSchema },
  },
  signIn: {
    method: 'GET',
    path: '/v1/sign-in',
    means: 'for a browser: by redirect to the OpenID provider, and from there back `to` a page of this host',
    access: 'anyone',
    confidential: true,
    query: z.object({ to: z.string().max(2048).default('/') }),
    answers: { 302: 'redirect' },
  },
  finishSignIn: {
    method: 'GET',
    path: '/v1/sign-in/callback',
    means: 'where the OpenID provider sends a browser back to',
    access: 'anyone',
    confidential: true,
    query: z.looseObject({ code: z.string().optional(), state: z.string().optional(), error: z.string().optional() }),
    answers: { 302: 'redirect' },
  },
  signInByToken: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/sign-in/token',
    means: 'for a browser: takes a token once and a cookie from then on',
    access: 'anyone',
    confidential: true,
    body: z.strictObject({ token: z.string().min(1).max(8192) }),
    answers: { 200: MeSchema },
  },
  signOut: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/sign-out',
    means: 'for a browser: forgets who it was; the answer says where the provider forgets it too',
    access: 'anyone',
    answers: { 200: z.object({ location: z.string().nullable() }) },
  },
  createToken: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/tokens',
    means: 'a bearer token for programs of whoever asks, for `expiresInDays`',
    confidential: true,
    body: z.strictObject({ expiresInDays: z.number().int().min(1).max(90).default(30) }),
    answers: { 200: z.object({ token: z.string(), expiresAt: z.iso.datetime() }) },
  },
  listStyles: {
    method: 'GET',
    path: '/v1/styles',
    means: 'all styles, built in and own',
    answers: { 200: z.object({ styles: z.array(StyleSchema) }) },
  },
  listPreviews: {
    method: 'GET',
    path: '/v1/styles/previews',
    means: 'of each style whether there is a preview of it, and its name',
    answers: { 200: z.object({ previews: z.array(StylePreviewSchema) }) },
  },
  wantPreviews: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/styles/previews',
    means: 'has the previews that are missing made when there is nothing else to do; asking again changes nothing',
    answers: { 200: z.object({ previews: z.array(StylePreviewSchema) }) },
  },
  findPreview: {
    method: 'GET',
    path: '/v1/previews/{file}',
    means:
      'a preview, silent MP4 of eight seconds, or a still of it, `<name>.mp4` or `.jpg`, by redirect to a signed URL',
    parameters: z.object({ file: z.string().regex(/^[0-9a-f]{64}\.(mp4|jpg)$/) }),
    answers: { 302: 'redirect' },
  },
  tryDemo: {
    method: 'POST',
    makes: 'montage',
    path: '/v1/demo',
    means:
      'puts the demo’s clips and song where one’s own would go; 202 while they are being made, which is when there is nothing else to do',
    answers: {
      200: z.object({ set: z.string(), song: z.string() }),
      202: z.object({ made: z.number().int().nonnegative(), of: z.number().int().positive() }),
    },
  },
  listSets: {
    method: 'GET',
    path: '/v1/sets',
    means: 'the sets of footage, by name; `limit` of them `after` one',
    query: page,
    answers: { 200: z.object({ sets: z.array(FootageSetSchema), next }) },
  },
  listClips: {
    method: 'GET',
    path: '/v1/sets/{set}/clips',
    means: 'the clips of a set and what was found in them',
    parameters: z.object({ set: z.string().min(1) }),
    query: page,
    answers: { 200: z.object({ clips: z.array(ClipSchema), next }) },
  },
  showRule: {
    method: 'GET',
    path: '/v1/sets/{set}/rule',
    means: 'the rule of a set: when a montage is made of it by itself',
    parameters: z.object({ set: z.string().min(1) }),
    answers: { 200: RuleSchema },
  },
  setRule: {
    method: 'PUT',
    makes: 'montage',
    path: '/v1/sets/{set}/rule',
    means: 'has a montage made of a set whenever something was added to it and then nothing for `quietMinutes`',
    parameters: z.object({ set: SetNameSchema }),
    body: NewRuleSchema,
    answers: { 200: RuleSchema },
  },
  removeRule: {
    method: 'DELETE',
    makes: 'nothing',
    path: '/v1/sets/{set}/rule',
    means: 'ends the rule of a set; what it asked for stays',
    parameters: z.object({ set: z.string().min(1) }),
    answers: { 204: 'nothing' },
  },
  listRules: {
    method: 'GET',
    path: '/v1/rules',
    means: 'the rules of all sets',
    answers: { 200: z.object({ rules: z.array(RuleSchema) }) },
  },
  listSongs: {
    method: 'GET',
    path: '/v1/songs',
    means: 'the songs and what was heard in them',
    query: page,
    answers: { 200: z.object({ songs: z.array(SongSchema), next }) },
  },
  listJobs: {
    method: 'GET',
    path: '/v1/jobs',
    means: 'the jobs, newest first; `limit` of them after the `next` of the page before',
    query: page,
    answers: { 200: z.object({ jobs: z.array(JobStatusSchema), next }) },
  },
  createJob: {
    method: 'POST',
    makes: 'montage',
    path: '/v1/jobs',
    means: 'asks for a montage; the same Idempotency-Key gives the same job',
    idempotent: true,
    body: JobRequestSchema,
    answers: { 200: JobStatusSchema, 201: JobStatusSchema },
  },
  showJob: {
    method: 'GET',
    path: '/v1/jobs/{job}',
    means: 'one job: its state, counts, failure and outputs',
    parameters: job,
    answers: { 200: JobStatusSchema },
  },
  watchJob: {
    method: 'GET',
    path: '/v1/jobs/{job}/events',
    means: 'the job as server-sent events: its state each time it changes, until it has ended',
    parameters: job,
    answers: { 200: 'events' },
  },
  cancelJob: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/jobs/{job}/cancel',
    means: 'stops the work on a job',
    parameters: job,
    answers: { 200: JobStatusSchema },
  },
  retryJob: {
    method: 'POST',
    makes: 'montage',
    path: '/v1/jobs/{job}/retry',
    means: 'tries a failed job again from where it stopped',
    parameters: job,
    answers: { 200: JobStatusSchema },
  },
  deleteJob: {
    method: 'DELETE',
    makes: 'nothing',
    path: '/v1/jobs/{job}',
    means: 'cancels a job and removes all that it made',
    parameters: job,
    answers: { 204: 'nothing' },
  },
  listRevisions: {
    method: 'GET',
    path: '/v1/jobs/{job}/revisions',
    means: 'the revisions of a job, oldest first, with what was changed in each',
    parameters: job,
    answers: { 200: z.object({ revisions: z.array(RevisionSchema) }) },
  },
  makeRevision: {
    method: 'PUT',
    // Planned anew, nearly all of it is rendered.
    makes: (body) =>
      EditSchema.safeParse(body).data?.changes.some(({ kind }) => kind === 'replan') ? 'montage' : 'change',
    path: '/v1/jobs/{job}/revisions/{revision}',
    means: 'changes a planned job: makes its next revision out of an earlier one; 409 when somebody else made that one',
    parameters: revision,
    body: EditSchema,
    answers: { 200: JobStatusSchema, 201: JobStatusSchema },
  },
  showTimeline: {
    method: 'GET',
    path: '/v1/jobs/{job}/revisions/{revision}/timeline',
    means: 'the timeline of a revision; 202 while it is being planned',
    parameters: revision,
    answers: { 200: TimelineSchema, 202: z.object({ pending: z.literal(true) }) },
  },
  listSegments: {
    method: 'GET',
    path: '/v1/jobs/{job}/revisions/{revision}/segments',
    means: 'the pieces that a planned revision is rendered in, in order, and which of them can be seen',
    parameters: revision,
    answers: { 200: z.object({ segments: z.array(SegmentSchema) }) },
  },
  findSegment: {
    method: 'GET',
    path: '/v1/jobs/{job}/revisions/{revision}/segments/{hash}',
    means: 'a rendered piece, MP4 without sound, by redirect to a signed URL',
    parameters: revision.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) }),
    answers: { 302: 'redirect' },
  },
  findOutput: {
    method: 'GET',
    path: '/v1/jobs/{job}/output/{file}',
    means:
      'a finished file, by redirect to a signed URL; of the latest finished revision, or of `revision`; with `save=true` to be saved under the name of its set',
    parameters: job.extend({ file: z.string().min(1) }),
    query: z.object({ revision: REVISION.optional(), save: SAVE }),
    answers: { 302: 'redirect' },
  },
  listShares: {
    method: 'GET',
    path: '/v1/jobs/{job}/shares',
    means: 'the share links of a job that still lead to it, without their tokens',
    parameters: job,
    answers: { 200: z.object({ shares: z.array(ShownShareSchema) }) },
  },
  createShare: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/jobs/{job}/shares',
    means:
      'makes a link to a finished montage and nothing else, for `expiresInHours`; the answer alone holds its token, and the same Idempotency-Key gives it again',
    idempotent: true,
    confidential: true,
    parameters: job,
    body: NewShareSchema,
    answers: { 200: MadeShareSchema, 201: MadeShareSchema },
  },
  deleteShare: {
    method: 'DELETE',
    makes: 'nothing',
    path: '/v1/jobs/{job}/shares/{share}',
    means: 'revokes a share link at once',
    parameters: share,
    answers: { 204: 'nothing' },
  },
  showShare: {
    method: 'GET',
    path: '/v1/shares/{token}',
    means: 'what a share link leads to; 404 when it has expired, was revoked or never was one',
    access: 'anyone',
    confidential: true,
    parameters: token,
    answers: { 200: SharedMontageSchema },
  },
  findShared: {
    method: 'GET',
    path: '/v1/shares/{token}/{file}',
    means:
      'the video or the poster that a share link leads to, by redirect to a URL signed for no longer than the link; with `save=true` to be saved under its title',
    access: 'anyone',
    confidential: true,
    parameters: token.extend({ file: SharedFileSchema }),
    query: z.object({ save: SAVE }),
    answers: { 302: 'redirect' },
  },
  findMedia: {
    method: 'GET',
    path: '/v1/media/{bucket}/{key}',
    rest: 'key',
    means: 'a clip or song itself, by redirect to a signed URL',
    parameters: media,
    answers: { 302: 'redirect' },
  },
  findAnalysis: {
    method: 'GET',
    path: '/v1/analyses/{bucket}/{key}',
    rest: 'key',
    means: 'what was found in a clip or song; 202 while it is being looked at',
    parameters: media,
    answers: {
      200: z.union([FootageResultSchema, MusicResultSchema]),
      202: z.object({ pending: z.literal(true) }),
    },
  },
  signUpload: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/uploads',
    means: 'a signed URL to PUT a clip or song to',
    body: z.strictObject({ bucket: z.enum(['input', 'music']), key: KEY }),
    answers: { 200: z.object({ url: z.string() }) },
  },
  removeUpload: {
    method: 'DELETE',
    makes: 'nothing',
    path: '/v1/uploads/{bucket}/{key}',
    rest: 'key',
    means: 'removes what was uploaded only to be analysed: `analyze-<id>/…`',
    parameters: media,
    answers: { 204: 'nothing' },
  },
  findContent: {
    method: 'GET',
    path: '/v1/contents/{content}',
    means:
      'which clip of `set`, or which song, has that content: nobody needs to send it again; of files that are the same in parts, one of `etags`',
    parameters: z.object({ content: content.content }),
    query: z.object({
      bytes: content.bytes,
      set: z.string().min(1).optional(),
      /** ETags with commas between, for who knows them of all of a file. */
      etags: z
        .string()
        .regex(/^[0-9a-f-]+(,[0-9a-f-]+)*$/)
        .optional(),
    }),
    answers: { 200: z.object({ key: z.string().nullable() }) },
  },
  beginUpload: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/part-uploads',
    means:
      'begins to send a clip or song in parts, or goes on with it: the same file for the same key is the same upload',
    body: z.strictObject({ ...media.shape, ...content }),
    answers: { 200: PartUploadSchema, 201: PartUploadSchema },
  },
  showUpload: {
    method: 'GET',
    path: '/v1/part-uploads/{upload}',
    means: 'an upload in parts and which of them have arrived',
    parameters: upload,
    answers: { 200: PartUploadSchema },
  },
  signParts: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/part-uploads/{upload}/urls',
    means: 'signed URLs to PUT parts to, each with its SHA-256 in base64 as `x-amz-checksum-sha256`',
    parameters: upload,
    body: z.strictObject({ parts: z.array(PartNumberSchema).min(1).max(MOST_URLS) }),
    answers: { 200: z.object({ urls: z.array(z.object({ number: PartNumberSchema, url: z.string() })) }) },
  },
  completeUpload: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/part-uploads/{upload}/complete',
    means: 'makes the parts a clip or song, once all have arrived; 412 when the key was taken meanwhile',
    parameters: upload,
    answers: { 200: z.object({ ...media.shape, etag: z.string(), bytes: z.number().int().positive() }) },
  },
  abortUpload: {
    method: 'DELETE',
    makes: 'nothing',
    path: '/v1/part-uploads/{upload}',
    means: 'gives an upload in parts up',
    parameters: upload,
    answers: { 204: 'nothing' },
  },
  listHooks: {
    method: 'GET',
    path: '/v1/hooks',
    means: 'who is told when jobs end',
    answers: { 200: z.object({ hooks: z.array(ShownHookSchema) }) },
  },
  createHook: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/hooks',
    means:
      'has a URL called when jobs end; the answer alone holds the secret, and the same Idempotency-Key gives it again',
    idempotent: true,
    body: NewHookSchema,
    answers: { 200: MadeHookSchema, 201: MadeHookSchema },
  },
  showHook: {
    method: 'GET',
    path: '/v1/hooks/{hook}',
    means: 'one hook',
    parameters: hook,
    answers: { 200: ShownHookSchema },
  },
  deleteHook: {
    method: 'DELETE',
    makes: 'nothing',
    path: '/v1/hooks/{hook}',
    means: 'ends a hook and forgets what it was told',
    parameters: hook,
    answers: { 204: 'nothing' },
  },
  listDeliveries: {
    method: 'GET',
    path: '/v1/hooks/{hook}/deliveries',
    means: 'what a hook was told and what it answered, each try, the latest first',
    parameters: hook,
    query: page,
    answers: { 200: z.object({ deliveries: z.array(DeliverySchema), next }) },
  },
  testHook: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/hooks/{hook}/test',
    means: 'calls a hook once with an event of its own, and says what came of it',
    parameters: hook,
    answers: { 200: DeliverySchema },
  },
  showOps: {
    method: 'GET',
    path: '/v1/ops',
    means: 'how the whole stands: jobs by state, work that waits, what the store holds, recent failures',
    access: 'operator',
    answers: { 200: OpsSchema },
  },
  showFunctions: {
    method: 'GET',
    path: '/v1/ops/functions',
    means: 'the functions’ processes, on one machine; 404 on a cluster, where Kubernetes knows them',
    access: 'operator',
    answers: { 200: FunctionsNowSchema },
  },
  clean: {
    method: 'POST',
    makes: 'nothing',
    path: '/v1/ops/clean',
    means: 'deletes old segments or ended jobs, or says how much would go; again while there is `more`',
    body: CleanSchema,
    access: 'operator',
    answers: { 200: CleanedSchema },
  },
} as const satisfies Record<string, Operation>;

export type Api = typeof API;
export type OperationId = keyof Api;

type Schema<T, Key extends string> = T extends { readonly [K in Key]: infer S extends z.ZodType } ? S : never;
type Given<T, Key extends string> = [Schema<T, Key>] extends [never] ? undefined : z.output<Schema<T, Key>>;
type Sent<T, Key extends string> = [Schema<T, Key>] extends [never] ? undefined : z.input<Schema<T, Key>>;

/** What a request of an operation holds once it was checked. */
export interface Request<Id extends OperationId> {
  parameters: Given<Api[Id], 'parameters'>;
  query: Given<Api[Id], 'query'>;
  body: Given<Api[Id], 'body'>;
}

type Part = 'parameters' | 'query' | 'body';
/** Whether nothing has to be said of a part: all of it has a default or may be left out. */
type Omittable<T> = Record<never, never> extends T ? true : false;

/** What a client says: as `Request`, with what has a default left out at will. */
export type Asked<Id extends OperationId> = {
  [P in Part as undefined extends Sent<Api[Id], P>
    ? never
    : Omittable<Sent<Api[Id], P>> extends true
      ? never
      : P]: Sent<Api[Id], P>;
} & {
  [P in Part as undefined extends Sent<Api[Id], P>
    ? never
    : Omittable<Sent<Api[Id], P>> extends true
      ? P
      : never]?: Sent<Api[Id], P>;
};

type Reply<Status, A> = A extends z.ZodType
  ? { status: Status; body: z.output<A> }
  : A extends 'redirect'
    ? { status: Status; location: string }
    : A extends 'events'
      ? { status: Status; events: (lastId: string | null, signal: AbortSignal) => AsyncIterable<ServerSentEvent> }
      : { status: Status };
type Replies<Answers> = { [Status in keyof Answers & number]: Reply<Status, Answers[Status]> }[keyof Answers & number];

/** What an operation answers, by status. */
export type Answered<Id extends OperationId> = Id extends OperationId ? Replies<Api[Id]['answers']> : never;

/** One of `text/event-stream`. `data` is sent as JSON. */
export interface ServerSentEvent {
  id: string;
  event: string;
  data: unknown;
}
