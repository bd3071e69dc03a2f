import { defineConfig } from 'vitest/config';

/** What needs the machine for itself: a Kubernetes, and images that are built and run. */
const LARGE = ['test/cluster/**/*.test.ts', 'test/knative/image/**/*.test.ts'];

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'montage', include: ['test/**/*.test.ts'], exclude: LARGE } },
      // After all others, one file at a time.
      {
        extends: true,
        test: { name: 'cluster', include: LARGE, maxWorkers: 1, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
