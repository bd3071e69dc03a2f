import { parseCookie } from 'cookie';
import type { Config } from '../../../shared/config.ts';

/** What a browser keeps of who signed in, or of signing in that is under way. */
export type CookieFor = 'session' | 'sign-in';

/** A cookie that is to be kept, or with null to be forgotten. */
export interface Cookie {
  for: CookieFor;
  value: string | null;
  seconds: number;
}

/** The values of cookies that came with a request. */
export type Cookies = (name: CookieFor) => string | undefined;

/** Where a request came from, as far as cookies go by it. */
interface Asked {
  header: (name: string) => string | undefined;
}

/** Whether browsers reach this by https: then they are to send cookies by nothing else. */
const isSecure = ({ MONTAGE_PUBLIC_URL }: Config, { header }: Asked): boolean =>
  MONTAGE_PUBLIC_URL ? MONTAGE_PUBLIC_URL.startsWith('https:') : header('X-Forwarded-Proto') === 'https';

/** `__Host-` makes a browser refuse one that another host, or plain http, has planted (RFC 6265bis). */
const nameOf = (what: CookieFor, secure: boolean): string => `${secure ? '__Host-' : ''}montage-${what}`;

export const cookiesIn =
  (config: Config, asked: Asked): Cookies =>
  (what) =>
    parseCookie(asked.header('Cookie') ?? '')[nameOf(what, isSecure(config, asked))];

/** What `response.cookie` of Express takes. The provider's way back comes from another site, whose requests bring no strict cookie. */
export function setCookie(config: Config, asked: Asked, { for: what, value, seconds }: Cookie) {
  const secure = isSecure(config, asked);
  return {
    name: nameOf(what, secure),
    value: value ?? '',
    options: {
      httpOnly: true,
      secure,
      sameSite: what === 'session' ? ('strict' as const) : ('lax' as const),
      path: '/',
      maxAge: value === null ? 0 : seconds * 1000,
    },
  };
}
