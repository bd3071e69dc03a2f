import { z } from 'zod';
import { FootageResultSchema, MusicResultSchema } from '../../shared/analysis.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { JobRequest } from '../../shared/request.ts';
import { type JobStatus, JobStatusSchema } from '../../shared/status.ts';
import { type Style, StyleSchema } from '../../shared/style.ts';

export type Analysis = z.infer<typeof FootageResultSchema> | z.infer<typeof MusicResultSchema>;

const ProblemSchema = z.object({ detail: z.string() });

/** The API of a Montage server, typed. What the server refuses is thrown as a `Refusal` with its own sentence. */
export class Client {
  readonly #server: string;

  constructor(server: string) {
    this.#server = server.replace(/\/+$/, '');
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
    const response = await this.#fetch(
      'GET',
      `/v1/analyses/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    );
    const body = await response.json();
    if (response.status === 202) return null;
    return bucket === 'input' ? FootageResultSchema.parse(body) : MusicResultSchema.parse(body);
  }

  /** A finished file of a job, as a stream. */
  async output(id: string, file: string): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#fetch('GET', `/v1/jobs/${encodeURIComponent(id)}/output/${encodeURIComponent(file)}`);
    if (!response.body) throw new Error(`The server sent nothing for ${file}`);
    return response.body;
  }

  /** A URL to PUT a file to. */
  async uploadUrl(bucket: 'input' | 'music', key: string): Promise<string> {
    return z.object({ url: z.string() }).parse(await this.#json('POST', '/v1/uploads', { bucket, key })).url;
  }

  async #json(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    return (await this.#fetch(method, path, body, headers)).json();
  }

  async #fetch(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(`${this.#server}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    }).catch((error: Error) => {
      throw new Refusal(
        `The server ${this.#server} does not answer (${(error.cause as Error | undefined)?.message ?? error.message})`,
      );
    });
    if (response.ok) return response;
    const problem = ProblemSchema.safeParse(await response.json().catch(() => null));
    throw new Refusal(
      problem.success ? problem.data.detail : `The server ${this.#server} answered ${response.status} to ${path}`,
    );
  }
}
