import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import type { Config } from '../../shared/config.ts';
import { Refusal } from '../../shared/refusal.ts';
import { sendProblem } from '../problem.ts';
import { BUILT } from './built.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';

/** What says in its name what is in it: it never changes. */
const NAMED_BY_CONTENT = /^\/assets\//;

/** Addresses of shared montages: a page of its own, which is nobody's to find by searching. */
const SHARED = /^\/share(?:[/?.]|$)/;

/**
 * Answers with the built page's files. Every address that is no file's is one of the page's own, and gets the page.
 *
 * @throws {Refusal} when the page isn't built.
 */
export function site(
  config: Config,
  folder: string = BUILT,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  if (!existsSync(join(folder, 'index.html'))) throw new Refusal('The page is not built yet: run `npm run build`');
  const policy = contentSecurityPolicy(config.MONTAGE_STORE_PUBLIC_URL ?? config.MONTAGE_STORE);
  const files = sirv(folder, {
    etag: true,
    brotli: true,
    gzip: true,
    single: true,
    ignores: [NAMED_BY_CONTENT],
    onNoMatch: (incoming, outgoing) => sendProblem(outgoing, 404, `There is nothing at ${incoming.url}`),
    setHeaders(outgoing, path) {
      outgoing.setHeader('Content-Security-Policy', policy);
      outgoing.setHeader('X-Content-Type-Options', 'nosniff');
      outgoing.setHeader('Referrer-Policy', 'no-referrer');
      outgoing.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      const forever = NAMED_BY_CONTENT.test(path);
      outgoing.setHeader('Cache-Control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (incoming, outgoing) => {
    if (incoming.method === 'GET' || incoming.method === 'HEAD') {
      if (SHARED.test(incoming.url ?? '')) {
        incoming.url = '/share.html';
        outgoing.setHeader('X-Robots-Tag', 'noindex');
      }
      return files(incoming, outgoing);
    }
    outgoing.setHeader('Allow', 'GET, HEAD');
    sendProblem(outgoing, 405, 'The page is only read');
  };
}
