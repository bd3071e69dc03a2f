import { createHash } from 'node:crypto';

/**
 * Where the local runtime takes events: a path that none but its own functions know, since whatever stands in front of it, as a proxy
 * that brings https, lets the whole world ask at its door. It comes from the token that `ingest` is called with.
 */
export const brokerPath = (ingestToken: string): string =>
  `/broker/${createHash('sha256').update(`broker ${ingestToken}`).digest('hex').slice(0, 32)}`;
