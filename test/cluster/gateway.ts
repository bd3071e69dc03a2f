// Stands in for Kourier, which is not to be had as a Go module: proxies each request by its Host to the revision that takes it.
import { Resolver } from 'node:dns/promises';
import { createServer, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { GATEWAY, GATEWAY_PORT } from './ingress.ts';
import { NODE_ADDRESS } from './network.ts';
import { Routes } from './routes.ts';

const routes = new Routes(GATEWAY);
const resolver = new Resolver();
resolver.setServers([NODE_ADDRESS]);

const server = createServer(async (asked, answer) => {
  const target = routes.target(asked.headers.host?.replace(/:\d+$/, '') ?? '');
  if (!target) {
    answer.writeHead(404).end();
    return;
  }
  try {
    const [host] = await resolver.resolve4(target.host);
    const { url: path, method } = asked;
    const headers = { ...asked.headers, ...target.headers };
    // A connection for each request: one that is kept leads to where the Service pointed when it was made.
    const passed = request({ agent: false, host, port: target.port, method, path, headers });
    passed.on('response', (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
      reply.on('error', () => answer.destroy());
    });
    passed.on('error', refuse);
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  } catch (error) {
    refuse(error);
  }

  function refuse(error: unknown) {
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(502).end(String(error));
  }
});
server.listen(GATEWAY_PORT, NODE_ADDRESS);

for (;;) {
  await routes.follow().catch((error) => console.error(String(error)));
  await sleep(500);
}
