/** The API: what the command line, the page and programs speak to. */
import { http } from '@google-cloud/functions-framework';
import { readConfig } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import { openStore } from '../../storage/open-store.ts';
import { readJson } from '../called.ts';
import { Problem, sendProblem } from '../problem.ts';
import { findRoute } from './routes.ts';

/** A request for a montage names each clip of its set at most once: a thousand of them fit. */
const BODY_LIMIT_BYTES = 1 << 20;
const config = readConfig();
const store = openStore(config);

http('jobs', async (request, response) => {
  const { route, parameters, allowed } = findRoute(request.method, request.path);
  if (!route) {
    if (allowed.length === 0) return sendProblem(response, 404, `There is nothing at ${request.path}`);
    response.set('Allow', allowed.join(', '));
    return sendProblem(response, 405, `${request.path} takes ${allowed.join(' and ')}`);
  }
  try {
    const reply = await route.handle({
      store,
      config,
      parameters,
      body: route.method === 'POST' ? await readJson(request, BODY_LIMIT_BYTES) : undefined,
      header: (name) => request.get(name),
    });
    if ('redirect' in reply) response.redirect(302, reply.redirect);
    else if (reply.body === undefined) response.status(reply.status).end();
    else response.status(reply.status).json(reply.body);
  } catch (error) {
    if (error instanceof Problem) return sendProblem(response, error.status, error.message);
    if (error instanceof Refusal) return sendProblem(response, 400, error.message);
    log.error('request failed', { method: request.method, path: request.path, reason: sentenceOf(error) });
    return sendProblem(response, 500, 'Something went wrong here; the log has the reason');
  }
});
