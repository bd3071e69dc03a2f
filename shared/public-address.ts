import { BlockList, isIP } from 'node:net';

/**
 * Ranges of IPv4 that are nobody's on the Internet: this host, private, CGNAT, loopback, link-local (clouds keep their metadata there),
 * protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved.
 *
 * Source: https://www.iana.org/assignments/iana-ipv4-special-registry
 */
export const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;

/** All of IPv6 that is given out to the Internet. Loopback, link-local, unique-local, multicast, IPv4-mapped and NAT64 lie outside. */
export const GLOBAL_IPV6 = '2000::/3';

/**
 * What in that isn't public all the same: protocol assignments (Teredo among them), documentation, and 6to4, which wraps any IPv4 address.
 *
 * Source: https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'] as const;

function rangesOf(cidrs: readonly string[]): BlockList {
  const ranges = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits] = cidr.split('/');
    ranges.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return ranges;
}

const notPublicIpv4 = rangesOf(NOT_PUBLIC_IPV4);
const globalIpv6 = rangesOf([GLOBAL_IPV6]);
const notPublicIpv6 = rangesOf(NOT_PUBLIC_IPV6);

/** Whether an address, in any writing of it, is a host's on the Internet. What is no address isn't. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !notPublicIpv4.check(address, 'ipv4');
  return version === 6 && globalIpv6.check(address, 'ipv6') && !notPublicIpv6.check(address, 'ipv6');
}

/** Why a URL that names a host by `address` is not called, as a sentence. */
export const notPublicSentence = (host: string, address: string): string =>
  `${host === address ? host : `${host} leads to ${address}, which`} is not a public address; MONTAGE_HOOKS_PRIVATE=allow, set where Montage runs, lets hooks go there`;

/** Why a URL can be seen not to lead to the Internet without asking for its name's addresses, as a sentence; null when it can't. */
export function notPublicFault({ hostname }: URL): string | null {
  // The URL standard has made one writing out of all there are of an address: 2130706433 and 0x7f.1 are 127.0.0.1 by now.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (/(?:^|\.)localhost\.?$/.test(host)) return notPublicSentence(host, '127.0.0.1');
  return isIP(host) && !isPublicAddress(host) ? notPublicSentence(host, host) : null;
}
