import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokerPath } from '../../../knative/local/broker-path.ts';
import { environmentOf } from '../../../knative/local/environment.ts';
import { readConfig } from '../../../shared/config.ts';

const service = (name: string, concurrency: number, maxScale: number) => ({
  name,
  args: [],
  concurrency,
  minScale: 0,
  maxScale,
  retentionSeconds: 0,
  timeoutSeconds: 600,
});
const environment = (given: NodeJS.ProcessEnv, own: NodeJS.ProcessEnv = {}, name = 'render') =>
  environmentOf(name, {
    config: readConfig(given),
    url: 'http://127.0.0.1:5000',
    services: [service('analyze-footage', 1, 8), service('render', 1, 8), service('assemble', 1, 2)],
    cores: 4,
    ingestToken: 'a-token-of-the-runtime',
    environment: own,
  });

describe('the environment of a function', () => {
  it('says where broker, data and signed URLs are, whatever folder the person stood in', () => {
    expect(environment({ MONTAGE_DATA: 'some/data' })).toMatchObject({
      K_SINK: `http://127.0.0.1:5000${brokerPath('a-token-of-the-runtime')}`,
      MONTAGE_DATA: resolve('some/data'),
      MONTAGE_PUBLIC_URL: 'http://127.0.0.1:5000',
      MONTAGE_INGEST_TOKEN: 'a-token-of-the-runtime',
    });
    expect(environment({ MONTAGE_PUBLIC_URL: 'https://montage.example' })).toMatchObject({
      MONTAGE_PUBLIC_URL: 'https://montage.example',
    });
  });

  it('is a configuration that says the same as the one it was made from', () => {
    const given = { MONTAGE_SETTLE_SECONDS: '2.5', MONTAGE_ATTEMPTS: '7', MONTAGE_BUCKET_PREFIX: 'x-' };
    expect(readConfig(environment(given))).toMatchObject({
      MONTAGE_SETTLE_SECONDS: 2.5,
      MONTAGE_ATTEMPTS: 7,
      MONTAGE_BUCKET_PREFIX: 'x-',
    });
  });

  it('tells what this machine can take on at once, not what a cluster could', () => {
    expect(readConfig(environment({ MONTAGE_CAPACITY_RENDER: '50' }))).toMatchObject({
      MONTAGE_CAPACITY_ANALYSE: 4,
      MONTAGE_CAPACITY_RENDER: 4,
      MONTAGE_CAPACITY_ASSEMBLE: 2,
    });
  });

  it('carries what ffmpeg and Node need, and no other variable of the person', () => {
    const own = { PATH: '/bin', FFMPEG_PATH: '/opt/ffmpeg', LOG_LEVEL: 'debug', AWS_SECRET_ACCESS_KEY: 'secret' };
    const made = environment({}, own);
    expect(made).toMatchObject({ PATH: '/bin', FFMPEG_PATH: '/opt/ffmpeg', LOG_LEVEL: 'debug' });
    expect(made).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  });

  it('says by what people sign in to `jobs` alone', () => {
    const secrets = {
      MONTAGE_ACCESS_TOKEN: 'a'.repeat(32),
      MONTAGE_TOKENS: `ann:${'b'.repeat(32)}`,
      MONTAGE_SESSION_KEY: 'k'.repeat(32),
      MONTAGE_OIDC_ISSUER: 'https://accounts.example.com',
      MONTAGE_OIDC_CLIENT_ID: 'montage',
      MONTAGE_OIDC_CLIENT_SECRET: 's'.repeat(32),
      MONTAGE_OPERATORS: 'ann',
    };
    const given = { ...secrets, MONTAGE_PUBLIC_URL: 'https://montage.example', MONTAGE_TOKEN: 'of the command line' };
    expect(environment(given, {}, 'jobs')).toMatchObject(secrets);
    for (const name of ['render', 'ingest', 'notify', 'ui', 'health']) {
      const told = environment(given, {}, name);
      for (const [secret, value] of Object.entries(given).filter(([each]) => each !== 'MONTAGE_PUBLIC_URL')) {
        expect(told, name).not.toHaveProperty(secret);
        expect(Object.values(told), name).not.toContain(value);
      }
    }
  });

  it("keeps compiled code in the user's cache folder", () => {
    expect(environment({}, { XDG_CACHE_HOME: '/caches' }).NODE_COMPILE_CACHE).toBe('/caches/montage/compiled');
    expect(environment({}).NODE_COMPILE_CACHE?.startsWith(homedir())).toBe(true);
  });
});
