import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GLOBAL_IPV6,
  isPublicAddress,
  NOT_PUBLIC_IPV4,
  NOT_PUBLIC_IPV6,
  notPublicFault,
} from '../../shared/public-address.ts';

/** An address as a number, by arithmetic of its own. */
const ipv4 = (text: string) => text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
const ipv6 = (text: string) => {
  const [head = '', tail = ''] = text.split('::');
  const groups = (part: string) => (part ? part.split(':') : []);
  const missing = Array(8 - groups(head).length - groups(tail).length).fill('0');
  const all = [...groups(head), ...(text.includes('::') ? missing : []), ...groups(tail)];
  return all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
};
const range = (cidr: string) => {
  const [network = '', bits] = cidr.split('/');
  const [first, width] = network.includes(':') ? [ipv6(network), 128n] : [ipv4(network), 32n];
  return { first, last: first + 2n ** (width - BigInt(bits ?? 0)) - 1n };
};
const within = (address: bigint, cidrs: readonly string[]) =>
  cidrs.map(range).some(({ first, last }) => address >= first && address <= last);
const ipv4Text = (address: bigint) => [24n, 16n, 8n, 0n].map((bits) => String((address >> bits) & 255n)).join('.');
const ipv6Text = (address: bigint) =>
  Array.from({ length: 8 }, (_, i) => ((address >> BigInt(16 * (7 - i))) & 65535n).toString(16)).join(':');
/** Any address, and those at the edges of ranges more often. */
const addresses = (bits: bigint, cidrs: readonly string[]) => {
  const edges = cidrs.map(range).flatMap(({ first, last }) => [first - 1n, first, last, last + 1n]);
  const inside = edges.filter((edge) => edge >= 0n && edge < 2n ** bits);
  return fc.oneof(fc.bigInt({ min: 0n, max: 2n ** bits - 1n }), fc.constantFrom(...inside));
};

describe('a public address', () => {
  it('is any of IPv4 but what lies in the ranges that are nobody’s', () => {
    fc.assert(
      fc.property(addresses(32n, NOT_PUBLIC_IPV4), (address) => {
        expect(isPublicAddress(ipv4Text(address))).toBe(!within(address, NOT_PUBLIC_IPV4));
      }),
      { numRuns: 2000 },
    );
  });

  it('is of IPv6 only what is given out, in any writing', () => {
    fc.assert(
      fc.property(addresses(128n, [GLOBAL_IPV6, ...NOT_PUBLIC_IPV6]), fc.boolean(), (address, upper) => {
        const text = ipv6Text(address);
        expect(isPublicAddress(upper ? text.toUpperCase() : text)).toBe(
          within(address, [GLOBAL_IPV6]) && !within(address, NOT_PUBLIC_IPV6),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('is none that wraps one of IPv4 in IPv6, whichever that is', () => {
    const wrap = [
      (address: bigint) => `::ffff:${ipv4Text(address)}`,
      (address: bigint) => ipv6Text((0x64ff9bn << 96n) + address),
      (address: bigint) => ipv6Text((0x2002n << 112n) + (address << 80n)),
    ];
    fc.assert(
      fc.property(addresses(32n, NOT_PUBLIC_IPV4), fc.constantFrom(...wrap), (address, wrapped) => {
        expect(isPublicAddress(wrapped(address))).toBe(false);
      }),
    );
  });

  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])('is %s', (one) =>
    expect(isPublicAddress(one)).toBe(true),
  );

  it.each(['', 'localhost', 'example.com', '127.1', '2130706433', 'fe80::1%eth0', '1.2.3.4/8'])(
    'is not %j, which is a name, half an address or more than one',
    (text) => expect(isPublicAddress(text)).toBe(false),
  );
});

describe('a URL that can be seen not to lead to the Internet', () => {
  it.each([
    'http://127.0.0.1/x',
    'http://127.1',
    'http://0x7f.0.0.1',
    'http://0177.0.0.1',
    'http://2130706433',
    'http://0',
    'http://[::1]:8080',
    'http://[::]',
    'http://[::ffff:10.0.0.1]',
    'http://[::ffff:8.8.8.8]',
    'http://[fe80::1]',
    'http://[fd00::1]',
    'http://[ff02::1]',
    'http://[64:ff9b::a00:1]',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1',
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://192.168.1.1',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://localhost:3000',
    'http://LOCALHOST.',
    'http://hook.localhost',
  ])('is %s, and the sentence says which setting allows it', (url) => {
    expect(notPublicFault(new URL(url))).toMatch(/is not a public address; MONTAGE_HOOKS_PRIVATE=allow/);
  });

  it.each([
    'http://8.8.8.8',
    'https://example.com/a',
    'https://[2606:4700:4700::1111]/',
    'http://localhost.example.com',
  ])('is not %s', (url) => expect(notPublicFault(new URL(url))).toBeNull());
});
