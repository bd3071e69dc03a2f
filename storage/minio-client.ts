import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client } from 'minio';

export interface MinioAccess {
  /** For example http://minio:9000. */
  url: string;
  accessKey: string | undefined;
  secretKey: string | undefined;
  /** The server's region; asked of it when left out. */
  region?: string;
}

/** Over plain HTTP a request's signature covers its content; over TLS it need not. */
export function signsContent({ url }: MinioAccess): boolean {
  return new URL(url).protocol === 'http:';
}

/** Connections of their own, which end when it is destroyed. */
export function newAgent(access: MinioAccess): HttpAgent {
  return signsContent(access) ? new HttpAgent() : new HttpsAgent();
}

/** A client that tries nothing twice: a stream can't be sent again, and a conditional write that did arrive would be refused. */
export function newClient(access: MinioAccess, agent?: HttpAgent): Client {
  const { hostname, port, protocol } = new URL(access.url);
  return new Client({
    endPoint: hostname.replace(/^\[|\]$/g, ''),
    useSSL: protocol === 'https:',
    accessKey: access.accessKey ?? '',
    secretKey: access.secretKey ?? '',
    ...(port ? { port: Number(port) } : {}),
    ...(access.region ? { region: access.region } : {}),
    ...(agent ? { transportAgent: agent } : {}),
    retryOptions: { disableRetry: true },
  });
}
