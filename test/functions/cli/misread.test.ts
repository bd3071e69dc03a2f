import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WrongUse } from '../../../functions/cli/exit.ts';
import { assertNothingKept, misread } from '../../../functions/cli/misread.ts';

describe('options before a --', () => {
  it('are said to have been kept by npm, rather than left out of what is made', () => {
    const kept = { npm_config_scale: '4', npm_config_model: 'thick', npm_lifecycle_event: 'montage' };
    const asked = () => assertNothingKept(['upscale', 'film.mp4'], kept);
    expect(asked).toThrow(WrongUse);
    expect(asked).toThrow(
      'npm kept --scale, --model to itself: put -- before the command, as in npm run montage -- upscale film.mp4',
    );
  });

  it('are nothing to complain of where there are none, nor are settings of npm itself', () => {
    const settings = { npm_config_only: 'production', npm_config_cache: '/tmp', npm_lifecycle_event: 'demo' };
    expect(() => assertNothingKept(['run'], settings)).not.toThrow();
  });
});

describe('an option that is none', () => {
  it('is said to be a file where there is one of that name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'montage-dash-'));
    const before = process.cwd();
    await writeFile(join(folder, '-start.mp4'), 'x');
    process.chdir(folder);
    try {
      expect(misread("Unknown option '-start.mp4'.")).toBe(
        "Unknown option '-start.mp4'. A file of that name is meant by ./-start.mp4",
      );
      expect(misread("Unknown option '-gone.mp4'")).toBe("Unknown option '-gone.mp4'");
    } finally {
      process.chdir(before);
      await rm(folder, { recursive: true });
    }
  });
});
