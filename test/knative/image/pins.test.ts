import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '../../..', path), 'utf8');

describe('the Dockerfile', () => {
  it('brings the Node that is used everywhere else', () => {
    const { packages } = JSON.parse(read('package-lock.json'));
    const [, version] = /NODE_VERSION=(\S+)/.exec(read('knative/image/Dockerfile')) ?? [];
    expect(version).toBe(packages['node_modules/node'].version);
  });

  it('copies every folder that functions import from', () => {
    const copied = [...read('knative/image/Dockerfile').matchAll(/^COPY (\w\S*) \1$/gm)].map(([, folder]) => folder);
    expect(copied).toEqual(expect.arrayContaining(['functions', 'shared', 'storage', 'knative/base', 'knative/local']));
  });
});
