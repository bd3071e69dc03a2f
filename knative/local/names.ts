import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Under which names a server answers, so that no web page elsewhere can speak to it through a person's browser. */
export interface Names {
  /** Host names and ports under which it is known, besides this machine's own. */
  publicHosts: readonly string[];
  /** Whether other machines may ask too: then it can't know its own address and port, as in a container or behind a router. */
  forOthers: boolean;
}

/**
 * Whether a request names this server: a web page elsewhere whose host name was made to point here is turned away.
 * No name can be made to be an address, or localhost another machine.
 */
export function isOurs(incoming: IncomingMessage, names: Names): boolean {
  const host = incoming.headers.host?.toLowerCase();
  if (host === undefined) return false;
  return hostsOf(incoming, names).includes(host) || (names.forOthers && isAddress(host));
}

/** Whether a browser sends it for a page that isn't this server's; programs send neither header. */
export function isFromElsewhere(incoming: IncomingMessage, names: Names): boolean {
  const { host = '', origin, 'sec-fetch-site': site } = incoming.headers;
  if (site === 'cross-site') return true;
  if (origin === undefined) return false;
  // "null", as of a page in a sandbox, is nobody's. Another machine's page is not ours, though its address could have been.
  return !URL.canParse(origin) || ![host.toLowerCase(), ...hostsOf(incoming, names)].includes(new URL(origin).host);
}

function hostsOf({ socket }: IncomingMessage, { publicHosts }: Names): string[] {
  return [...['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${socket.localPort}`), ...publicHosts];
}

function isAddress(host: string): boolean {
  const [, ipv6, other = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(host) ?? [];
  return ipv6 === undefined ? other === 'localhost' || isIP(other) === 4 : isIP(ipv6) === 6;
}
