import type { ServerResponse } from 'node:http';
import { Refusal } from '../shared/refusal.ts';
import { NotYours } from '../storage/owned.ts';

/** A request that can't be answered as asked: becomes a problem+json answer (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** What of an error is for whoever asked; null where it is ours alone. */
export function problemIn(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof NotYours) return new Problem(403, error.message);
  return error instanceof Refusal ? new Problem(400, error.message) : null;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
  504: 'Took too long',
};

export function sendProblem(response: ServerResponse, status: number, detail: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/problem+json' })
    .end(JSON.stringify({ title: TITLES[status] ?? 'Error', status, detail }));
}
