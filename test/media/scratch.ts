import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the test file that asks for it, gone when its tests are. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'montage-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
