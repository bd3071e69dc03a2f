import type { z } from 'zod';
import type { FootageResult, MusicResult } from '../analysis.ts';
import type { Delivery, MadeHook, ShownHook } from '../hooks.ts';
import { Refusal } from '../refusal.ts';
import type { NewRuleSchema, Rule } from '../rules.ts';
import type { MadeShare, SharedMontage, ShownShare } from '../shares.ts';
import type { JobStatus } from '../status.ts';
import type { Style } from '../style.ts';
import type { Me } from './me.ts';
import { type Answered, API, type Asked, type Operation, type OperationId } from './operations.ts';
import type { Cleaned, FunctionsNow, Ops } from './ops.ts';
import { ProblemSchema } from './problem.ts';

export type Analysis = FootageResult | MusicResult;

/** What stands between a server that ends and its functions says so with one of these. */
const ENDING = [502, 503];
const TRIES = 3;

/** The server is gone, or was while it answered. */
export class Away extends Refusal {}

/** What the server refuses, and by which status. */
export class Refused extends Refusal {
  readonly status: number;
  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** A Montage server, and what it is to be brought where it asks who one is. */
export interface Server {
  url: string;
  token?: string | undefined;
}

/**
 * The API of a Montage server, typed. What the server refuses is thrown as `Refused` with its own sentence. Where there is a
 * `replacement`, a server that goes away is asked for the URL of the next one, and the request is made again: all of them may be.
 */
export class Client {
  #server: string;
  #token: string | undefined;
  readonly #replacement: (() => Promise<Server>) | null;
  #me: Promise<Me> | null = null;

  constructor({ url, token }: Server, replacement: (() => Promise<Server>) | null = null) {
    this.#server = url.replace(/\/+$/, '');
    this.#token = token;
    this.#replacement = replacement;
  }

  /** The one that is asked now. */
  get server(): string {
    return this.#server;
  }

  /** Who one is there; asked once. */
  me(): Promise<Me> {
    this.#me ??= this.call('showMe', {}).then(({ body }) => body);
    return this.#me;
  }

  async createJob(request: Asked<'createJob'>['body'], identity: string): Promise<JobStatus> {
    return (await this.call('createJob', { body: request }, { 'Idempotency-Key': identity })).body;
  }

  async job(id: string): Promise<JobStatus> {
    return (await this.call('showJob', { parameters: { job: id } })).body;
  }

  /** All jobs, newest first. */
  async jobs(): Promise<JobStatus[]> {
    const pages = pagesOf(async (after) => (await this.call('listJobs', { query: after })).body);
    return (await Array.fromAsync(pages, ({ jobs }) => jobs)).flat();
  }

  async cancel(id: string): Promise<JobStatus> {
    return (await this.call('cancelJob', { parameters: { job: id } })).body;
  }

  async retry(id: string): Promise<JobStatus> {
    return (await this.call('retryJob', { parameters: { job: id } })).body;
  }

  async styles(): Promise<Style[]> {
    return (await this.call('listStyles', {})).body.styles;
  }

  /** Null while it is being made. */
  async analysis(bucket: 'input' | 'music', key: string): Promise<Analysis | null> {
    const answer = await this.call('findAnalysis', { parameters: { bucket, key } });
    return answer.status === 202 ? null : answer.body;
  }

  /** Hands a finished file of a job to `take`; from its beginning again when the server goes away in the middle. */
  async output<T>(id: string, file: string, take: (content: ReadableStream<Uint8Array>) => Promise<T>): Promise<T> {
    return this.#ask('findOutput', { parameters: { job: id, file } }, {}, ({ body }) => {
      if (!body) throw new Error(`The server sent nothing for ${file}`);
      return take(body);
    });
  }

  /** A URL to PUT a file to. */
  async uploadUrl(bucket: 'input' | 'music', key: string): Promise<string> {
    return (await this.call('signUpload', { body: { bucket, key } })).body.url;
  }

  /** Takes back what was uploaded only to be analysed. */
  async removeUpload(bucket: 'input' | 'music', key: string): Promise<void> {
    await this.call('removeUpload', { parameters: { bucket, key } });
  }

  async rules(): Promise<Rule[]> {
    return (await this.call('listRules', {})).body.rules;
  }

  /** In the place of the one that the set had. */
  async setRule(set: string, rule: z.input<typeof NewRuleSchema>): Promise<Rule> {
    return (await this.call('setRule', { parameters: { set }, body: rule })).body;
  }

  async removeRule(set: string): Promise<void> {
    await this.call('removeRule', { parameters: { set } });
  }

  /** Its secret is in this answer alone. */
  async addHook(hook: Asked<'createHook'>['body'], identity: string): Promise<MadeHook> {
    return (await this.call('createHook', { body: hook }, { 'Idempotency-Key': identity })).body;
  }

  async hooks(): Promise<ShownHook[]> {
    return (await this.call('listHooks', {})).body.hooks;
  }

  async removeHook(id: string): Promise<void> {
    await this.call('deleteHook', { parameters: { hook: id } });
  }

  /** What came of calling it once. */
  async testHook(id: string): Promise<Delivery> {
    return (await this.call('testHook', { parameters: { hook: id } })).body;
  }

  /** The latest of what it was told, the latest first. */
  async deliveries(id: string): Promise<Delivery[]> {
    return (await this.call('listDeliveries', { parameters: { hook: id } })).body.deliveries;
  }

  /** How the whole stands, for whoever runs it. */
  async ops(): Promise<Ops> {
    return (await this.call('showOps', {})).body;
  }

  /** The functions' processes; null where only Kubernetes knows them. */
  async functions(): Promise<FunctionsNow | null> {
    try {
      return (await this.call('showFunctions', {})).body;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return null;
      throw error;
    }
  }

  /** Deletes old segments or ended jobs, or says how much would go. */
  async clean(order: Asked<'clean'>['body']): Promise<Cleaned> {
    return (await this.call('clean', { body: order })).body;
  }

  /** A link to a finished montage. Its token is in this answer alone. */
  async share(id: string, share: NonNullable<Asked<'createShare'>['body']>, identity: string): Promise<MadeShare> {
    const asked = { parameters: { job: id }, body: share };
    return (await this.call('createShare', asked, { 'Idempotency-Key': identity })).body;
  }

  /** The links of a job that still lead to it, the oldest first. */
  async shares(id: string): Promise<ShownShare[]> {
    return (await this.call('listShares', { parameters: { job: id } })).body.shares;
  }

  async unshare(id: string, share: string): Promise<void> {
    await this.call('deleteShare', { parameters: { job: id, share } });
  }

  /** What a link leads to, asked with nothing but its token. */
  async shared(token: string): Promise<SharedMontage> {
    return (await this.call('showShare', { parameters: { token } })).body;
  }

  /** Any operation, its answer checked by its schema. */
  call<Id extends OperationId>(id: Id, asked: Asked<Id>, headers: Record<string, string> = {}): Promise<Answered<Id>> {
    return this.#ask(id, asked, headers, async (response) => {
      const { status } = response;
      const schema = (API[id] as Operation).answers[status];
      if (schema === undefined)
        throw new Refusal(`The server ${this.#server} answered ${status} to ${pathOf(id, asked)}`);
      const body = typeof schema === 'string' ? {} : { body: schema.parse(await response.json()) };
      return { status, ...body } as Answered<Id>;
    });
  }

  async #ask<Id extends OperationId, T>(
    id: Id,
    asked: Asked<Id>,
    headers: Record<string, string>,
    take: (response: Response) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await take(await this.#fetch(id, asked, headers)).catch((error: Error) => {
          // How `fetch` says that an answer broke off.
          throw error instanceof TypeError && error.message === 'terminated' ? this.#away(error) : error;
        });
      } catch (error) {
        if (!(error instanceof Away) || !this.#replacement || attempt === TRIES) throw error;
        const next = await this.#replacement();
        [this.#server, this.#token] = [next.url, next.token];
      }
    }
  }

  async #fetch<Id extends OperationId>(id: Id, asked: Asked<Id>, headers: Record<string, string>): Promise<Response> {
    const path = pathOf(id, asked);
    const { body }: { body?: unknown } = asked;
    const response = await fetch(`${this.#server}${path}`, {
      method: API[id].method,
      headers: {
        ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }),
        ...headers,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    }).catch((error: Error) => {
      throw this.#away(error);
    });
    if (response.ok) return response;
    const problem = ProblemSchema.pick({ detail: true }).safeParse(await response.json().catch(() => null));
    const said = problem.success
      ? problem.data.detail
      : `The server ${this.#server} answered ${response.status} to ${path}`;
    throw ENDING.includes(response.status) ? new Away(said) : new Refused(response.status, said);
  }

  #away(error: Error): Away {
    const reason = (error.cause as Error | undefined)?.message ?? error.message;
    return new Away(`The server ${this.#server} does not answer (${reason})`);
  }
}

/** The pages of a list, one after the other, each asked for when it is taken. */
export async function* pagesOf<Page extends { next: string | null }>(
  ask: (after: { after?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  for (let after: { after?: string } | null = {}; after; ) {
    const page: Page = await ask(after);
    yield page;
    after = page.next === null ? null : { after: page.next };
  }
}

/** The path and query of a request. */
export function pathOf<Id extends OperationId>(id: Id, asked: Asked<Id>): string {
  const { path, rest }: Operation = API[id];
  const { parameters = {}, query = {} }: { parameters?: Record<string, string>; query?: Record<string, unknown> } =
    asked;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name] ?? '';
    return name === rest ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
  });
  const said = Object.entries(query).filter(([, value]) => value !== undefined);
  return said.length > 0
    ? `${filled}?${new URLSearchParams(said.map(([name, value]): [string, string] => [name, String(value)]))}`
    : filled;
}
