import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKETS } from '../../shared/keys.ts';
import { checkKey } from '../../storage/object-key.ts';
import { signUrl, verifySignedUrl } from '../../storage/signed-url.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const secret = 'a secret';
const get = (key: string, expiresSeconds = 60) =>
  signUrl(secret, 'http://localhost:8080/', 'output', key, { method: 'GET', expiresSeconds }, NOW);

const isKey = (key: string) => {
  try {
    checkKey(key);
    return true;
  } catch {
    return false;
  }
};

describe('A signed URL', () => {
  it('gives the right to what it was made for, whatever the key', () => {
    const keys = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom(...BUCKETS),
        keys.map((parts) => parts.join('/')).filter(isKey),
        fc.constantFrom<'GET' | 'PUT'>('GET', 'PUT'),
        (bucket, key, method) => {
          const url = signUrl(secret, 'https://example.org', bucket, key, { method, expiresSeconds: 1 }, NOW);
          expect(verifySignedUrl(secret, url, method, NOW)).toEqual({ bucket, key, method });
          const { pathname, search } = new URL(url);
          expect(verifySignedUrl(secret, pathname + search, method, NOW)).toEqual({ bucket, key, method });
        },
      ),
    );
  });

  it('lies below /store/ of the public address', () => {
    expect(get('a b/ü.mp4')).toMatch(
      /^http:\/\/localhost:8080\/store\/output\/a%20b\/%C3%BC\.mp4\?method=GET&expires=1767225660&signature=[0-9a-f]{64}$/,
    );
  });

  it('works until its time is over and not a millisecond longer', () => {
    expect(verifySignedUrl(secret, get('a'), 'GET', NOW + 59_999)).not.toBeNull();
    expect(verifySignedUrl(secret, get('a'), 'GET', NOW + 60_000)).toBeNull();
  });

  it('works for its own method only; one for GET also for HEAD', () => {
    const put = signUrl(secret, 'http://h', 'input', 'a', { method: 'PUT', expiresSeconds: 60 }, NOW);
    const allowed = (url: string) =>
      ['GET', 'HEAD', 'PUT', 'DELETE', 'POST'].filter((method) => verifySignedUrl(secret, url, method, NOW));
    expect(allowed(get('a'))).toEqual(['GET', 'HEAD']);
    expect(allowed(put)).toEqual(['PUT']);
  });

  it('says under which name it is saved, and under no other', () => {
    const options = { method: 'GET', expiresSeconds: 60, saveAs: 'Grüße & "mehr".mp4' } as const;
    const url = new URL(signUrl(secret, 'http://h', 'output', 'a', options, NOW));
    expect(verifySignedUrl(secret, url.href, 'GET', NOW)).toMatchObject({ key: 'a', saveAs: 'Grüße & "mehr".mp4' });
    url.searchParams.set('saveAs', 'other.mp4');
    expect(verifySignedUrl(secret, url.href, 'GET', NOW)).toBeNull();
    url.searchParams.delete('saveAs');
    expect(verifySignedUrl(secret, url.href, 'GET', NOW)).toBeNull();
    expect(verifySignedUrl(secret, `${get('a')}&saveAs=other.mp4`, 'GET', NOW)).toBeNull();
  });

  it('works with no part of it changed and with no other secret', () => {
    const url = get('set/clip.mp4');
    const changed = [
      url.replace('clip', 'clap'),
      url.replace('/output/', '/input/'),
      url.replace('/output/', '/elsewhere/'),
      url.replace('set/clip', 'set/../set/clip'.replace('set/../', '%2e%2e/')),
      url.replace('expires=17', 'expires=27'),
      url.replace('method=GET', 'method=PUT'),
      url.replace(/signature=./, (match) => (match.endsWith('0') ? 'signature=1' : 'signature=0')),
      url.replace(/&signature=.*/, ''),
      url.replace(/signature=.*/, 'signature='),
      `${url}ff`,
      'not a url',
      '',
    ];
    for (const other of changed)
      for (const method of ['GET', 'PUT']) expect(verifySignedUrl(secret, other, method, NOW), other).toBeNull();
    expect(verifySignedUrl('another', url, 'GET', NOW)).toBeNull();
    expect(verifySignedUrl(secret, url, 'GET', NOW)).not.toBeNull();
  });

  it('of a part is good for that part alone, and none of a whole file is for a part', () => {
    const part = { sending: crypto.randomUUID(), number: 2, start: 8, bytes: 5 };
    const url = signUrl(secret, 'http://h', 'input', 'set/a.mp4', { method: 'PUT', expiresSeconds: 60 }, NOW, part);
    const access = { bucket: 'input', key: 'set/a.mp4', method: 'PUT' };
    expect(verifySignedUrl(secret, url, 'PUT', NOW)).toEqual({ ...access, part });
    const others = [
      url.replace('number=2', 'number=3'),
      url.replace('start=8', 'start=0'),
      url.replace('bytes=5', 'bytes=50'),
      url.replace(part.sending, crypto.randomUUID()),
      url.replace(/&(?:sending|number|start|bytes)=[^&]*/g, ''),
      url.replace('&start=8', ''),
    ];
    for (const other of others) expect(verifySignedUrl(secret, other, 'PUT', NOW), other).toBeNull();
    const whole = signUrl(secret, 'http://h', 'input', 'set/a.mp4', { method: 'PUT', expiresSeconds: 60 }, NOW);
    const asPart = `${whole}&${new URLSearchParams({ ...part, number: '2', start: '8', bytes: '5' })}`;
    expect(verifySignedUrl(secret, asPart, 'PUT', NOW)).toBeNull();
    expect(verifySignedUrl(secret, whole, 'PUT', NOW)).toEqual(access);
  });
});
