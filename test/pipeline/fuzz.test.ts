import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Runtime, startRuntime } from '../../knative/local/runtime.ts';
import { readConfig } from '../../shared/config.ts';
import { openStore } from '../../storage/open-store.ts';
import { makeClip } from '../media/clip.ts';
import { makeSong } from '../media/song.ts';

const run = promisify(execFile);

/** Needs schemathesis (`pip install schemathesis`); MONTAGE_SCHEMATHESIS names it where it isn't on the PATH. */
const schemathesis = process.env.MONTAGE_SCHEMATHESIS ?? 'schemathesis';
const missing = await run(schemathesis, ['--version']).then(
  () => null,
  () => 'no schemathesis here: set MONTAGE_SCHEMATHESIS',
);
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

describe.skipIf(missing)(
  `a fuzzer that knows only the API's own document${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let folder = '';
    let runtime: Runtime;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'montage-fuzz-'));
      const config = readConfig({ MONTAGE_DATA: join(folder, 'data'), MONTAGE_SETTLE_SECONDS: '3600' });
      const store = openStore(config);
      await store.prepare();
      const clip = await makeClip(folder, { name: 'a.mp4', width: 160, height: 90, seconds: 3, audio: null });
      const song = await makeSong(folder, { name: 'song', tempo: 120, bars: 2, format: 'mp3' });
      await store.putFileOnce('input', 'holiday/a.mp4', clip.path);
      await store.putFileOnce('music', 'song.mp3', song.path);
      runtime = await startRuntime({ store, config, port: 0, works: true, onLog: () => {} });
    });
    afterAll(async () => {
      await runtime?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('finds no failure of the server, and no answer that the document doesn’t tell of', async () => {
      const told = await run(
        schemathesis,
        [
          ...['run', `${runtime.url}/v1/openapi.json`, '--url', runtime.url, '--checks', CHECKS.join()],
          ...['--max-examples', '5', '--workers', '2', '--seed', '1', '--request-timeout', '60', '--no-color'],
        ],
        { cwd: folder, maxBuffer: 1 << 26 },
      ).catch((error: { stdout?: string; message: string }) => ({ stdout: `${error.stdout}\n${error.message}` }));
      const summary = told.stdout.slice(told.stdout.indexOf('= SUMMARY ='));
      expect(summary, told.stdout.slice(0, 20_000)).not.toMatch(/Failures:|Errors:/);
      expect(Number(/(\d+) generated/.exec(summary)?.[1])).toBeGreaterThan(500);
    }, 600_000);
  },
);
