import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { start } from '../../pipeline/command.ts';

it('Ctrl-C while clips are being looked at ends with 130 and without a complaint', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'montage-interrupt-'));
  try {
    const clip = join(folder, 'a.mp4');
    const data = join(folder, 'data');
    await writeFile(clip, 'x');
    const started = start(['analyze', clip, '--data', data], { cwd: folder });
    // A clip that keeps changing is waited for, so the command can't end by itself.
    while (!(await stat(join(data, 'input')).catch(() => null))) {
      await writeFile(clip, 'x');
      await sleep(50);
    }
    started.child.kill('SIGINT');
    expect(await started.ended).toEqual({ code: 130, stdout: '', stderr: '' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
