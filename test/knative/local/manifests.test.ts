import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { passes } from '../../../knative/local/broker.ts';
import { readManifests } from '../../../knative/local/manifests.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { manifestsOf } from './stand.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'montage-manifests-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const given = (file: string, text: string) => writeFileSync(join(folder, file), text);

describe('manifests', () => {
  it('say of each Service and Trigger what one machine needs to know', async () => {
    given(
      'one.yaml',
      manifestsOf({
        name: 'one',
        target: 'worker',
        concurrency: 4,
        maxScale: 3,
        retention: '1m30s',
        timeoutSeconds: 600,
        types: ['a', 'b'],
        retries: 5,
        backoffDelay: 'PT1M0.5S',
        deadLetter: 'two',
      }),
    );
    given('two.yml', manifestsOf({ name: 'two', target: 'web' }));
    given('notes.txt', 'no manifest');
    const { services, triggers } = await readManifests(folder);
    expect(services.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(services[0]).toEqual({
      name: 'one',
      args: ['--target=worker', '--source=test/knative/local/functions/worker.ts'],
      concurrency: 4,
      minScale: 0,
      maxScale: 3,
      retentionSeconds: 90,
      timeoutSeconds: 600,
    });
    expect(triggers).toEqual([
      {
        name: 'one',
        filters: [[{ type: 'a' }, { type: 'b' }]],
        subscriber: 'one',
        delivery: {
          retries: 5,
          backoff: 'exponential',
          backoffDelaySeconds: 60.5,
          timeoutSeconds: 60,
          deadLetter: 'two',
        },
      },
    ]);
  });

  it.each([
    [
      'a Service without a concurrency',
      (text: string) => text.replace(/ +containerConcurrency.*\n/, ''),
      /one\.yaml.*containerConcurrency/,
    ],
    [
      'a Trigger whose filter this runtime does not know',
      (text: string) => text.replace('any:', 'cesql:'),
      /one\.yaml.*filters/,
    ],
    ['a duration that is none', (text: string) => text.replace('PT0.1S', '2 seconds'), /one\.yaml.*PT2S/],
    ['broken YAML', (text: string) => `${text}\n  - [`, /one\.yaml is no YAML/],
    [
      'a subscriber that is not there',
      (text: string) => text.replace(/(kind: Service\s+name:) one\n(\s+delivery)/, '$1 nobody\n$2'),
      /one.*nobody/,
    ],
  ])('are refused with the file and the reason: %s', async (_, spoil, reason) => {
    const sound = manifestsOf({ name: 'one', target: 'worker', types: ['a'] });
    expect(spoil(sound)).not.toBe(sound);
    given('one.yaml', spoil(sound));
    const failure = await readManifests(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Refusal);
    expect((failure as Refusal).message).toMatch(reason);
  });
});

describe('a Trigger', () => {
  const event = { attributes: { type: 'a', source: 's' } };
  it('wants an event that agrees with one alternative of every filter', () => {
    expect(passes({ filters: [[{ type: 'b' }, { type: 'a' }]] }, event)).toBe(true);
    expect(passes({ filters: [[{ type: 'a', source: 's' }]] }, event)).toBe(true);
    expect(passes({ filters: [[{ type: 'a', source: 'other' }]] }, event)).toBe(false);
    expect(passes({ filters: [[{ type: 'a' }], [{ source: 'other' }]] }, event)).toBe(false);
    expect(passes({ filters: [[{ subject: 'a' }]] }, event)).toBe(false);
  });

  it('without filters wants every event', () => {
    expect(passes({ filters: [] }, event)).toBe(true);
  });
});
