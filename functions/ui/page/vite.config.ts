import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { schemasWhenAsked } from './schemas-when-asked.ts';

/** Builds the page into `functions/ui/built`, as files that a strict Content-Security-Policy lets through. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [schemasWhenAsked],
  worker: { format: 'es', plugins: () => [schemasWhenAsked] },
  // One and the same page, whoever builds it: a test's would have each element's place in the source in it.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  build: {
    outDir: '../built',
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome125', 'firefox128', 'safari18'],
    // Whoever looks at one of them loads nothing of the rest.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      input: ['index.html', 'share.html', 'reference.html', 'ops.html'].map((page) =>
        fileURLToPath(new URL(page, import.meta.url)),
      ),
    },
    // No data: addresses, which the policy allows for pictures alone, and no script beside the page's own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
