import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress, notPublicFault, notPublicSentence } from '../../shared/public-address.ts';
import { Refusal } from '../../shared/refusal.ts';

type Found = { address: string; family: number }[];

/** Finds all addresses of a name, as node:dns does. */
export type FindAddresses = (
  host: string,
  options: { all: true },
  found: (error: NodeJS.ErrnoException | null, addresses: Found) => void,
) => void;

/** @throws {Refusal} when a URL names an address that is not public: no name is looked up for such a one. */
export function checkReachable(url: URL): void {
  const fault = notPublicFault(url);
  if (fault !== null) throw new Refusal(fault);
}

/**
 * Looks names up for connections, and gives none where an address of the name is not public: what was checked is what is connected to,
 * so that a name can't change its address in between.
 */
export function publicLookup(find: FindAddresses = lookup): LookupFunction {
  return (host, options, found) => {
    find(host, { ...options, all: true }, (error, addresses) => {
      if (error) return found(error, '', 0);
      const closed = addresses.find(({ address }) => !isPublicAddress(address));
      if (closed) return found(new Refusal(notPublicSentence(host, closed.address)), '', 0);
      if (options.all) return found(null, addresses);
      const [first = { address: '', family: 0 }] = addresses;
      found(null, first.address, first.family);
    });
  };
}
