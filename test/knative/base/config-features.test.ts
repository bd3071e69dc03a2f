import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { rendered, rendererMissing } from '../rendered.ts';

const KNATIVE = join(import.meta.dirname, '../../../knative');
const OVERLAYS = readdirSync(join(KNATIVE, 'overlays'));

/** What Knative admits in a Service's pod without being told to. */
const ALWAYS = [
  ...['containerConcurrency', 'containers', 'responseStartTimeoutSeconds', 'serviceAccountName'],
  ...['timeoutSeconds', 'volumes'],
];

describe('the flags that Knative is asked for', () => {
  it.skipIf(rendererMissing)(
    `are those that some function’s pod needs, and no other${rendererMissing ? ` (skipped: ${rendererMissing})` : ''}`,
    async () => {
      const { data } = z
        .object({ data: z.record(z.string(), z.literal('enabled')) })
        .parse(parse(readFileSync(join(KNATIVE, 'base/config-features.yaml'), 'utf8')));
      const systems = await Promise.all(OVERLAYS.map((overlay) => rendered(overlay)));
      const functions = systems.flatMap(({ pods }) => pods.filter(({ isFunction }) => isFunction));
      const asked = new Set(functions.flatMap(({ spec }) => Object.keys(spec)));
      const needed = [...asked].filter((field) => !ALWAYS.includes(field));
      expect(Object.keys(data).sort()).toEqual(
        needed.map((field) => `kubernetes.podspec-${field.toLowerCase()}`).sort(),
      );
    },
  );
});
