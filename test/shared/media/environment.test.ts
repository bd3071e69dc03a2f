import { describe, expect, it } from 'vitest';
import { mediaEnvironment } from '../../../shared/media/environment.ts';

describe('the environment of ffmpeg', () => {
  it('has no key and no token, whatever this process knows', () => {
    const own = {
      PATH: '/bin',
      HOME: '/root',
      TMPDIR: '/scratch',
      LD_LIBRARY_PATH: '/opt/lib',
      LANG: 'de_DE.UTF-8',
      MONTAGE_STORE_SECRET_KEY: 'secret',
      MONTAGE_INGEST_TOKEN: 'token',
      AWS_SECRET_ACCESS_KEY: 'secret',
      http_proxy: 'http://proxy.example:3128',
      FFREPORT: 'file=/etc/passwd',
    };
    expect(mediaEnvironment(own)).toEqual({
      PATH: '/bin',
      HOME: '/root',
      TMPDIR: '/scratch',
      LD_LIBRARY_PATH: '/opt/lib',
      LANG: 'de_DE.UTF-8',
      GCONV_PATH: '/nonexistent',
    });
  });
});
