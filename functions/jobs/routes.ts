import { findAnalysis } from './analyses.ts';
import type { Call, Reply } from './call.ts';
import { findOutput } from './outputs.ts';
import { listStyles } from './styles.ts';
import { removeUpload, signUpload } from './uploads.ts';
import { cancelJob, createJob, deleteJob, listJobs, retryJob, showJob } from './verbs.ts';

interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** `:name` is one part of the path, `*name` all that is left of it. */
  path: string;
  /** One line for the docs. */
  means: string;
  handle(call: Call): Promise<Reply>;
}

/** The whole API. One small handler a verb. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/v1/styles', means: 'all styles, built in and own', handle: listStyles },
  { method: 'GET', path: '/v1/jobs', means: 'all jobs, newest first', handle: listJobs },
  {
    method: 'POST',
    path: '/v1/jobs',
    means: 'asks for a montage; the same Idempotency-Key gives the same job',
    handle: createJob,
  },
  { method: 'GET', path: '/v1/jobs/:job', means: 'one job: its state, counts, failure and outputs', handle: showJob },
  { method: 'POST', path: '/v1/jobs/:job/cancel', means: 'stops the work on a job', handle: cancelJob },
  {
    method: 'POST',
    path: '/v1/jobs/:job/retry',
    means: 'tries a failed job again from where it stopped',
    handle: retryJob,
  },
  { method: 'DELETE', path: '/v1/jobs/:job', means: 'cancels a job and removes all that it made', handle: deleteJob },
  {
    method: 'GET',
    path: '/v1/jobs/:job/output/:file',
    means: 'a finished file, by redirect to a signed URL',
    handle: findOutput,
  },
  {
    method: 'GET',
    path: '/v1/analyses/:bucket/*key',
    means: 'what was found in a clip or song; 202 while it is being looked at',
    handle: findAnalysis,
  },
  { method: 'POST', path: '/v1/uploads', means: 'a signed URL to PUT a clip or song to', handle: signUpload },
  {
    method: 'DELETE',
    path: '/v1/uploads/:bucket/*key',
    means: 'removes what was uploaded only to be analysed: `analyze-<id>/…`',
    handle: removeUpload,
  },
];

/** The route of a request and the named parts of its path; null when there is none. `allowed` lists the methods of the path. */
export function findRoute(
  method: string,
  path: string,
): { route: Route | null; parameters: Record<string, string>; allowed: string[] } {
  const matching = ROUTES.flatMap((route) => {
    const parameters = match(route.path, path);
    return parameters ? [{ route, parameters }] : [];
  });
  const found = matching.find(({ route }) => route.method === method);
  return {
    route: found?.route ?? null,
    parameters: found?.parameters ?? {},
    allowed: matching.map(({ route }) => route.method),
  };
}

function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const parameters: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith('*')) {
      const rest = decoded(given.slice(i).join('/'));
      if (!rest) return null;
      parameters[part.slice(1)] = rest;
      return parameters;
    }
    const value = given[i];
    if (value === undefined) return null;
    if (!part.startsWith(':')) {
      if (value !== part) return null;
      continue;
    }
    const text = decoded(value);
    if (!text) return null;
    parameters[part.slice(1)] = text;
  }
  return wanted.length === given.length ? parameters : null;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
