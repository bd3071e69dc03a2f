import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { misread } from '../../../functions/cli/misread.ts';

describe('a command that was told wrongly', () => {
  it('says where the -- goes when npm kept the options', () => {
    const complaint = "Too many arguments for 'run'. Expected 1 argument but got 6";
    expect(misread(complaint, {})).toBe(complaint);
    expect(misread(complaint, { npm_config_footage: 'clips' })).toMatch(/^Too many.*put -- before the command/);
  });

  it('says how a file is named whose name begins with a dash', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'montage-dash-'));
    const before = process.cwd();
    await writeFile(join(folder, '-start.mp4'), 'x');
    process.chdir(folder);
    try {
      expect(misread("Unknown option '-start.mp4'", {})).toMatch(/meant by \.\/-start\.mp4$/);
      expect(misread("Unknown option '-gone.mp4'", {})).toBe("Unknown option '-gone.mp4'");
    } finally {
      process.chdir(before);
      await rm(folder, { recursive: true });
    }
  });
});
