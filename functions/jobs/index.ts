/** The API: what the command line, the page and programs speak to. */
import type { Response } from '@google-cloud/functions-framework';
import { readConfig } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { sentenceOf } from '../../shared/refusal.ts';
import { observed } from '../../storage/observed.ts';
import { openStore } from '../../storage/open-store.ts';
import { calledBy, readJson } from '../called.ts';
import { problemIn, sendProblem } from '../problem.ts';
import { answer, mayAsk } from './answer.ts';
import { sendEvents } from './event-stream.ts';
import { findRoute, routeOf } from './routes.ts';
import { setCookie } from './sign-in/cookies.ts';
import { Limits, TooMany } from './sign-in/limits.ts';

/** A request for a montage names each clip of its set at most once: a thousand of them fit. */
const BODY_LIMIT_BYTES = 1 << 20;
const config = readConfig();
const store = observed(openStore(config));
const limits = new Limits(config);

calledBy('jobs', { routeOf, traced: true }, async (request, response) => {
  const { route, allowed } = findRoute(request.method, request.path);
  if (!route) {
    if (allowed.length === 0) return sendProblem(response, 404, `There is nothing at ${request.path}`);
    response.set('Allow', allowed.join(', '));
    return sendProblem(response, 405, `${request.path} takes ${allowed.join(' and ')}`);
  }
  // What a page of another site sends from the browser of somebody who may.
  if (request.method !== 'GET' && request.get('Sec-Fetch-Site') === 'cross-site')
    return sendProblem(response, 403, 'A page of another site may change nothing here');
  if (route.operation.confidential)
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex' });
  const header = (name: string) => request.get(name);
  try {
    const answered = await answer(route, {
      store,
      config,
      limits,
      method: request.method,
      query: request.query,
      body: async () => (['POST', 'PUT'].includes(request.method) ? readJson(request, BODY_LIMIT_BYTES) : undefined),
      header,
      now: new Date(),
    });
    for (const cookie of answered.cookies ?? []) {
      const { name, value, options } = setCookie(config, { header }, cookie);
      response.cookie(name, value, options);
    }
    if ('events' in answered) {
      const mayListen = () => mayAsk(route.operation, { method: request.method, header }, config, new Date());
      return await sendEvents(response, request.get('Last-Event-ID') ?? null, answered.events, mayListen);
    }
    if ('location' in answered) response.redirect(answered.status, answered.location);
    else if ('body' in answered) response.status(answered.status).json(answered.body);
    else response.status(answered.status).end();
  } catch (error) {
    if (response.headersSent) response.destroy();
    else refuse(response, `${request.method} ${request.path}`, error);
  }
});

function refuse(response: Response, request: string, error: unknown): void {
  const problem = problemIn(error);
  if (problem?.status === 401) response.set('WWW-Authenticate', 'Bearer');
  if (problem instanceof TooMany) response.set('Retry-After', String(problem.retryAfterSeconds));
  if (problem) return void sendProblem(response, problem.status, problem.message);
  log.error('request failed', { request, reason: sentenceOf(error) });
  sendProblem(response, 500, 'Something went wrong here; the log has the reason');
}
