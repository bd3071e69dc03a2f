import { defineConfig } from 'vitest/config';

/** What needs the machine for itself: a Kubernetes, and images that are built and run. */
const CLUSTER = ['test/cluster/**/*.test.ts'];
const IMAGES = ['test/knative/image/**/*.test.ts'];
/** What is seen and done in a Chromium. */
const PAGE = ['test/ui/*.test.ts'];
/** After all others, one file at a time. */
const alone = { maxWorkers: 1, fileParallelism: false };

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // On a machine that does much else, a second is soon over.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'montage', include: ['test/**/*.test.ts'], exclude: [...CLUSTER, ...IMAGES, ...PAGE] },
      },
      // Where a browser shares two cores with much else, a test may come too late once; what did is named with its retries.
      { extends: true, test: { name: 'page', include: PAGE, retry: 1 } },
      { extends: true, test: { name: 'cluster', include: CLUSTER, ...alone, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'images', include: IMAGES, ...alone, sequence: { groupOrder: 2 } } },
    ],
  },
});
