import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { cacheKeys, jobRequestKey, outputKeys } from '../../shared/keys.ts';

const RouteSchema = z.object({
  kind: z.literal('IngressRoute'),
  spec: z.object({ routes: z.array(z.object({ match: z.string() })) }),
});
const text = await readFile(join(import.meta.dirname, '../../knative/traefik/store.yaml'), 'utf8');
const [route] = parseAllDocuments(text).flatMap((document) => RouteSchema.safeParse(document.toJS()).data ?? []);
const prefixes = (route?.spec.routes ?? []).flatMap(({ match }) =>
  [...match.matchAll(/PathPrefix\(`([^`]+)`\)/g)].map(([, prefix]) => prefix as string),
);
const leadsTo = (bucket: string, key: string) => prefixes.some((prefix) => `/${bucket}/${key}`.startsWith(prefix));

describe('the way into the store from outside', () => {
  it('leads to all that signed URLs are made for', () => {
    expect(leadsTo('input', 'holiday/clip.mp4')).toBe(true);
    expect(leadsTo('music', 'song.mp3')).toBe(true);
    expect(leadsTo('output', outputKeys('job', 1).montage)).toBe(true);
    expect(leadsTo('cache', cacheKeys.segment('f'.repeat(64)))).toBe(true);
  });

  it('and to nothing else', () => {
    expect(leadsTo('jobs', jobRequestKey('job'))).toBe(false);
    expect(leadsTo('cache', cacheKeys.footageAnalysis('e', 1))).toBe(false);
    expect(leadsTo('minio', 'admin/v3/info')).toBe(false);
  });
});
