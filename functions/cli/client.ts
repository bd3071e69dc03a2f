import { Readable } from 'node:stream';
import { z } from 'zod';
import { FootageResultSchema, MusicResultSchema } from '../../shared/analysis.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { JobRequest } from '../../shared/request.ts';
import { type JobStatus, JobStatusSchema } from '../../shared/status.ts';
import { type Style, StyleSchema } from '../../shared/style.ts';

export type Analysis = z.infer<typeof FootageResultSchema> | z.infer<typeof MusicResultSchema>;

const ProblemSchema = z.object({ detail: z.string() });

/** What stands between a server that ends and its functions says so with one of these. */
const ENDING = [502, 503];
const TRIES = 3;

/** The server is gone, or was while it answered. */
class Away extends Refusal {}

/**
 * The API of a Montage server, typed. What the server refuses is thrown as a `Refusal` with its own sentence. Where there is a
 * `replacement`, a server that goes away is asked for the URL of the next one, and the request is made again: all of them may be.
 */
export class Client {
  #server: string;
  readonly #replacement: (() => Promise<string>) | null;

  constructor(server: string, replacement: (() => Promise<string>) | null = null) {
    this.#server = server.replace(/\/+$/, '');
    this.#replacement = replacement;
  }

  /** The one that is asked now. */
  get server(): string {
    return this.#server;
  }

  async createJob(request: Partial<JobRequest> & { footageSet: string }, identity: string): Promise<JobStatus> {
    return JobStatusSchema.parse(await this.#json('POST', '/v1/jobs', request, { 'Idempotency-Key': identity }));
  }

  async job(id: string): Promise<JobStatus> {
    return JobStatusSchema.parse(await this.#json('GET', `/v1/jobs/${encodeURIComponent(id)}`));
  }

  async jobs(): Promise<JobStatus[]> {
    return z.object({ jobs: z.array(JobStatusSchema) }).parse(await this.#json('GET', '/v1/jobs')).jobs;
  }

  async cancel(id: string): Promise<JobStatus> {
    return JobStatusSchema.parse(await this.#json('POST', `/v1/jobs/${encodeURIComponent(id)}/cancel`));
  }

  async retry(id: string): Promise<JobStatus> {
    return JobStatusSchema.parse(await this.#json('POST', `/v1/jobs/${encodeURIComponent(id)}/retry`));
  }

  async styles(): Promise<Style[]> {
    return z.object({ styles: z.array(StyleSchema) }).parse(await this.#json('GET', '/v1/styles')).styles;
  }

  /** Null while it is being made. */
  async analysis(bucket: 'input' | 'music', key: string): Promise<Analysis | null> {
    const { status, body } = await this.#ask('GET', `/v1/analyses/${bucket}/${inPath(key)}`, async (response) => ({
      status: response.status,
      body: await response.json(),
    }));
    if (status === 202) return null;
    return bucket === 'input' ? FootageResultSchema.parse(body) : MusicResultSchema.parse(body);
  }

  /** Hands a finished file of a job to `take`; from its beginning again when the server goes away in the middle. */
  async output<T>(id: string, file: string, take: (content: Readable) => Promise<T>): Promise<T> {
    const path = `/v1/jobs/${encodeURIComponent(id)}/output/${encodeURIComponent(file)}`;
    return this.#ask('GET', path, ({ body }) => {
      if (!body) throw new Error(`The server sent nothing for ${file}`);
      return take(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]));
    });
  }

  /** A URL to PUT a file to. */
  async uploadUrl(bucket: 'input' | 'music', key: string): Promise<string> {
    return z.object({ url: z.string() }).parse(await this.#json('POST', '/v1/uploads', { bucket, key })).url;
  }

  /** Takes back what was uploaded only to be analysed. */
  async removeUpload(bucket: 'input' | 'music', key: string): Promise<void> {
    await this.#ask('DELETE', `/v1/uploads/${bucket}/${inPath(key)}`, async () => {});
  }

  #json(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    return this.#ask(method, path, (response) => response.json(), body, headers);
  }

  async #ask<T>(
    method: string,
    path: string,
    take: (response: Response) => Promise<T>,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await take(await this.#fetch(method, path, body, headers)).catch((error: Error) => {
          // How `fetch` says that an answer broke off.
          throw error instanceof TypeError && error.message === 'terminated' ? this.#away(error) : error;
        });
      } catch (error) {
        if (!(error instanceof Away) || !this.#replacement || attempt === TRIES) throw error;
        this.#server = await this.#replacement();
      }
    }
  }

  async #fetch(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    const response = await fetch(`${this.#server}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    }).catch((error: Error) => {
      throw this.#away(error);
    });
    if (response.ok) return response;
    const problem = ProblemSchema.safeParse(await response.json().catch(() => null));
    const said = problem.success
      ? problem.data.detail
      : `The server ${this.#server} answered ${response.status} to ${path}`;
    throw ENDING.includes(response.status) ? new Away(said) : new Refusal(said);
  }

  #away(error: Error): Away {
    const reason = (error.cause as Error | undefined)?.message ?? error.message;
    return new Away(`The server ${this.#server} does not answer (${reason})`);
  }
}

const inPath = (key: string) => key.split('/').map(encodeURIComponent).join('/');
