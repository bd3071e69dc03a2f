/** A function for tests: answers HTTP with what it was asked, or streams numbers as they come. */
import { setTimeout as wait } from 'node:timers/promises';
import { http } from '@google-cloud/functions-framework';

http('web', async (request, response) => {
  if (request.path === '/v1/stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let i = 0; i < 4; i += 1) {
      response.write(`data: ${i}\n\n`);
      await wait(150);
    }
    response.end();
    return;
  }
  response.status(request.path === '/v1/teapot' ? 418 : 200).json({
    pid: process.pid,
    method: request.method,
    url: request.originalUrl,
    range: request.get('range'),
    authorization: request.get('authorization'),
    forwardedHost: request.get('x-forwarded-host'),
    bodyBytes: request.rawBody?.length ?? 0,
    secretOfTheUser: process.env.MONTAGE_TEST_SECRET_OF_THE_USER,
  });
});
