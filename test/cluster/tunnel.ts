/**
 * A way from this machine into the cluster's network, which no packet leaves: a process inside it listens on a socket that is a
 * file, and this process hands it what comes to a port of 127.0.0.1.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttp, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the process inside runs; its arguments are the socket's path, the host and the port. */
const INSIDE = `
const net = require('node:net');
const [socket, host, port] = process.argv.slice(1);
net.createServer((from) => {
  const to = net.connect(Number(port), host);
  for (const [a, b] of [[from, to], [to, from]]) { a.pipe(b); a.on('error', () => b.destroy()); }
}).listen(socket, () => console.log('listening'));
`;

export interface Tunnel extends AsyncDisposable {
  /** http://127.0.0.1:<port> */
  url: string;
}

/** Starts a command within the cluster's network. */
type InNetwork = (command: string, args: readonly string[]) => ChildProcess;

/** Leads to one address of the cluster. With `asHost`, requests are sent on under that name, by which an ingress tells them apart. */
export async function tunnel(inNetwork: InNetwork, host: string, port: number, asHost?: string): Promise<Tunnel> {
  const folder = await mkdtemp(join(tmpdir(), 'montage-tunnel-'));
  const socket = join(folder, 'socket');
  const inside = inNetwork(process.execPath, ['-e', INSIDE, socket, host, String(port)]);
  if (inside.stdout) await once(inside.stdout, 'data');
  const server: Server = asHost === undefined ? bytesTo(socket) : requestsTo(socket, asHost);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      inside.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function bytesTo(socket: string): Server {
  return createServer((from) => {
    const to = connect(socket);
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      a.pipe(b);
      a.on('error', () => b.destroy());
    }
  });
}

function requestsTo(socketPath: string, host: string): Server {
  return createHttp((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const sent = request({ socketPath, method, path: url, headers: { ...headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  });
}
