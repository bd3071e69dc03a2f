import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';

const OWN_HOSTS = ['127.0.0.1', '::1', 'localhost'];
/** All addresses of the machine, its own among them. */
const EVERY_HOST = ['0.0.0.0', '::'];

/** Whether other machines reach what listens there. */
export const isForOthers = (host: string): boolean => !OWN_HOSTS.includes(host);

/** Where a runtime is reached. */
export interface Doors {
  /** By this machine. */
  own: Server;
  /**
   * By other machines, where they may: then a server apart from `own`, so that what is for this machine alone is not there,
   * whatever a container's network makes of a sender's address.
   */
  others: Server | null;
  /** What leads to `own`. */
  url: string;
  /** What leads people there, from this machine too. */
  address: string;
}

/**
 * Listens at the port of `host`, and where that isn't this machine's alone, at one of 127.0.0.1 too.
 *
 * @throws {Refusal} when the port can't be had.
 */
export async function openDoors(host: string, port: number): Promise<Doors> {
  const front = await listen(host, port);
  const address = urlOf(front, EVERY_HOST.includes(host) ? (ownAddress() ?? '127.0.0.1') : host);
  if (!isForOthers(host)) return { own: front, others: null, url: address, address };
  const own = await listen('127.0.0.1', 0);
  return { own, others: front, url: urlOf(own, '127.0.0.1'), address };
}

/** Under which address other machines of the network find this one, as far as it knows. */
const ownAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal)?.address;

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer();
  // Uploads and streams take as long as they take.
  server.requestTimeout = 0;
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw new Refusal(`Port ${port} of ${host} can't be used (${sentenceOf(error)}): choose another one`);
  }
  return server;
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port');
  return `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`;
}
