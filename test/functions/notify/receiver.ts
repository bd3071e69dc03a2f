import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Before it answers. */
  afterMs?: number;
}

/** Somebody who is called: a real server that keeps what it got, and answers each call with the next reply, the last for ever. */
export class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  connections = 0;
  replies: Reply[];
  readonly #server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming);
    const reply = this.replies[Math.min(this.received.length, this.replies.length - 1)] ?? { status: 204 };
    this.received.push({ headers: incoming.headers, body });
    await new Promise((resolve) => setTimeout(resolve, reply.afterMs ?? 0));
    outgoing.writeHead(reply.status, reply.headers).end(reply.body);
  });

  private constructor(replies: Reply[]) {
    this.replies = replies;
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  static start(...replies: Reply[]): Promise<Receiver> {
    return Receiver.at(0, ...replies);
  }

  static async at(port: number, ...replies: Reply[]): Promise<Receiver> {
    const receiver = new Receiver(replies);
    await once(receiver.#server.listen(port, '127.0.0.1'), 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/montage?token=t`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
